package io.peerlink.statemachine.store;

import java.nio.charset.StandardCharsets;

/**
 * All tables. Append-only: a number is never reused and a retired table keeps its line. Keys are drawn with {@code |0|} for
 * the separator byte after a name; numbers are eight bytes big-endian, so that key order is number order.
 */
public enum ColumnFamily {
    // "applied" -> AppliedRecord: the last entry whose effects are in the tables
    APPLIED(1),
    // name -> NameRecord: peer or group
    NAMES(2),
    // peer -> PeerRecord
    PEERS(3),
    // peer |0| incarnation -> IncarnationRecord
    INCARNATIONS(4),
    // peer |0| incarnation, first client sequence -> OutcomeRecord: consecutive outcomes; the newest are in
    // INCARNATIONS
    OUTCOMES(5),
    // group -> GroupRecord
    GROUPS(6),
    // group |0| peer -> MemberRecord: members now
    MEMBERS(7),
    // group |0| peer |0| after sequence -> TenureRecord: ended memberships
    TENURES(8),
    // peer |0| group -> empty: MEMBERS the other way round
    MEMBERSHIPS(9),
    // conversation -> ConversationRecord
    CONVERSATIONS(10),
    // conversation |0| first sequence -> MessageRun: what one entry brought to one conversation
    MESSAGES(11),
    // peer |0| first inbox sequence -> InboxRun: what one entry brought to one inbox
    INBOX(12),
    // peer -> CursorRecord
    CURSORS(13),
    // conversation |0| peer |0| up to sequence -> MarkRecord: one row per step of the watermark
    DELIVERED_MARKS(14),
    // conversation |0| peer |0| up to sequence -> MarkRecord
    READ_MARKS(15),
    // conversation |0| peer |0| last sequence -> EndingRecord: ranges that ended for the peer without delivery
    ENDINGS(16),
    // type, time ms, what -> DueRecord: work for ticks, in the order it is due
    DUE(17),
    // SHA-256 of the code -> InviteRecord: who holds the code may register
    INVITES(18),
    // peer |0| group -> InvitationRecord: groups that the peer may join and has not
    INVITATIONS(19),
    // group |0| peer -> BanRecord
    BANS(20),
    // peer |0| blocked peer -> empty
    BLOCKS(21);

    private final int number;

    ColumnFamily(int number) {
        this.number = number;
    }

    /** The permanent number. */
    public int number() {
        return number;
    }

    /** RocksDB's name for it: the number, so that renaming the constant moves nothing. */
    byte[] storedName() {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
