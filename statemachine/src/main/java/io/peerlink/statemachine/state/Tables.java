package io.peerlink.statemachine.state;

import com.google.protobuf.Empty;
import io.peerlink.state.v1.AppliedRecord;
import io.peerlink.state.v1.BanRecord;
import io.peerlink.state.v1.ConversationRecord;
import io.peerlink.state.v1.CursorRecord;
import io.peerlink.state.v1.DueRecord;
import io.peerlink.state.v1.EndingRecord;
import io.peerlink.state.v1.GroupRecord;
import io.peerlink.state.v1.InboxRun;
import io.peerlink.state.v1.IncarnationRecord;
import io.peerlink.state.v1.InvitationRecord;
import io.peerlink.state.v1.InviteRecord;
import io.peerlink.state.v1.MarkRecord;
import io.peerlink.state.v1.MemberRecord;
import io.peerlink.state.v1.MessageRun;
import io.peerlink.state.v1.NameRecord;
import io.peerlink.state.v1.OutcomeRecord;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.state.v1.TenureRecord;
import io.peerlink.statemachine.store.ColumnFamily;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Table;

/** Every table with its value type; {@link ColumnFamily} draws the keys. */
public final class Tables {
    public static final Table<AppliedRecord> APPLIED = new Table<>(ColumnFamily.APPLIED, AppliedRecord.parser());
    public static final Table<NameRecord> NAMES = new Table<>(ColumnFamily.NAMES, NameRecord.parser());
    public static final Table<PeerRecord> PEERS = new Table<>(ColumnFamily.PEERS, PeerRecord.parser());
    public static final Table<IncarnationRecord> INCARNATIONS =
            new Table<>(ColumnFamily.INCARNATIONS, IncarnationRecord.parser());
    public static final Table<OutcomeRecord> OUTCOMES = new Table<>(ColumnFamily.OUTCOMES, OutcomeRecord.parser());
    public static final Table<GroupRecord> GROUPS = new Table<>(ColumnFamily.GROUPS, GroupRecord.parser());
    public static final Table<MemberRecord> MEMBERS = new Table<>(ColumnFamily.MEMBERS, MemberRecord.parser());
    public static final Table<TenureRecord> TENURES = new Table<>(ColumnFamily.TENURES, TenureRecord.parser());
    public static final Table<Empty> MEMBERSHIPS = new Table<>(ColumnFamily.MEMBERSHIPS, Empty.parser());
    public static final Table<ConversationRecord> CONVERSATIONS =
            new Table<>(ColumnFamily.CONVERSATIONS, ConversationRecord.parser());
    public static final Table<MessageRun> MESSAGES = new Table<>(ColumnFamily.MESSAGES, MessageRun.parser());
    public static final Table<InboxRun> INBOX = new Table<>(ColumnFamily.INBOX, InboxRun.parser());
    public static final Table<CursorRecord> CURSORS = new Table<>(ColumnFamily.CURSORS, CursorRecord.parser());
    public static final Table<MarkRecord> DELIVERED_MARKS =
            new Table<>(ColumnFamily.DELIVERED_MARKS, MarkRecord.parser());
    public static final Table<MarkRecord> READ_MARKS = new Table<>(ColumnFamily.READ_MARKS, MarkRecord.parser());
    public static final Table<EndingRecord> ENDINGS = new Table<>(ColumnFamily.ENDINGS, EndingRecord.parser());
    public static final Table<DueRecord> DUE = new Table<>(ColumnFamily.DUE, DueRecord.parser());
    public static final Table<InviteRecord> INVITES = new Table<>(ColumnFamily.INVITES, InviteRecord.parser());
    public static final Table<InvitationRecord> INVITATIONS =
            new Table<>(ColumnFamily.INVITATIONS, InvitationRecord.parser());
    public static final Table<BanRecord> BANS = new Table<>(ColumnFamily.BANS, BanRecord.parser());
    public static final Table<Empty> BLOCKS = new Table<>(ColumnFamily.BLOCKS, Empty.parser());

    private static final byte[] APPLIED_KEY = KeyCodec.name("applied");

    private Tables() {}

    /** The only key of {@link #APPLIED}. */
    public static byte[] appliedKey() {
        return APPLIED_KEY.clone();
    }
}
