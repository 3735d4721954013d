package io.peerlink.statemachine;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;

/**
 * Read access to the applied state. Every method may be called from any thread, concurrently with apply; each answer is one
 * consistent snapshot taken at the call. Names and conversation ids given must be canonical. Methods may read disk: never
 * call them on an event loop.
 */
public interface StateView {
    /** Bound on the body bytes of a history page: 1,000 messages of the largest size would not fit into any answer. */
    int HISTORY_BODY_BYTES_MAX = 1024 * 1024;

    /** The last applied entry. */
    LogPosition applied();

    /** The cluster clock: highest batch time applied, ms since 1970; 0 before the first. */
    long clockMs();

    /** The peer's confirmed cursor and head, or empty if there is no such peer. */
    Optional<InboxState> inboxState(String peer);

    /**
     * A page of a peer's inbox, in order, without what ended (left, expired).
     *
     * @param afterSequence inbox sequence to start behind; the confirmed cursor counts if it is higher
     * @param filter which entries to include
     * @param deliveriesMax at most this many messages and receipts together, &gt; 0
     * @param bytesMax stops after the message that reaches this many body bytes
     */
    InboxPage readInbox(String peer, long afterSequence, InboxFilter filter, int deliveriesMax, long bytesMax);

    /**
     * States of a message per recipient, by recipient name.
     *
     * @param viewer sees it only as its sender or one of its recipients
     * @param lackingOnly only recipients in state SENT
     * @param afterPeer only recipients whose name is greater; empty for all
     * @return empty if there is no such message or the viewer may not see it
     */
    Optional<MessageStatus> status(
            String viewer,
            String conversation,
            long sequence,
            boolean lackingOnly,
            String afterPeer,
            int recipientsMax);

    /**
     * Messages that {@code peer} has not confirmed and that are still owed.
     *
     * @param sender only those of this sender; empty for all
     * @param oldestMax how many ids to return
     * @param entriesMax bound on inbox entries looked at
     */
    PendingPage pending(String peer, Optional<String> sender, int oldestMax, int entriesMax);

    /**
     * Messages of a conversation that the viewer sent or was a recipient of, ascending, the newest ones below
     * {@code beforeSequence} (0: no bound). A page ends early, at its old end, before its bodies exceed
     * {@link #HISTORY_BODY_BYTES_MAX}, but never before its first message; {@code more} tells.
     *
     * @param messagesMax at most this many messages, &gt; 0
     * @return empty if there is no such conversation or the viewer never took part
     */
    Optional<HistoryPage> history(String viewer, String conversation, long beforeSequence, int messagesMax);

    /** Groups the peer is a member of, by name. */
    List<String> groupsOf(String peer, String afterGroup, int groupsMax);

    /** Groups that the peer was invited to and has not joined, by name; some may have been deleted since. */
    List<InvitationView> invitationsOf(String peer, String afterGroup, int groupsMax);

    /** Whom the peer blocks, by name. */
    List<String> blockedBy(String peer, String afterName, int namesMax);

    /** Whether the peer blocks the other. */
    boolean isBlocked(String peer, String other);

    /**
     * Codes that let their holders register, in the order of their hashes; expired ones may be among them.
     *
     * @param afterHash empty: from the first
     */
    List<InviteView> invites(ByteString afterHash, int invitesMax);

    /** Members by name, or empty if the group does not exist. */
    Optional<List<MemberView>> members(String group, String afterPeer, int membersMax);

    /** Whether the peer is a member of the group now. */
    boolean isMember(String group, String peer);

    /** A peer's public keys, or empty if there is no such peer. */
    Optional<PeerKeysView> peerKeys(String peer);

    /** The running hash after an entry, if it is among the last few thousand or was compared lately. */
    Optional<ByteString> runningHash(long index);

    /**
     * What waits for all peers together. Reads a row per peer.
     *
     * @param peersMax looks at no more
     */
    Backlog backlog(int peersMax);

    /** SHA-256 over every row of every table in key order. Reads everything. */
    StateDigest digest();

    enum InboxFilter {
        ALL,
        RECEIPTS
    }

    /**
     * @param waitingBytes of the bodies between the two
     */
    record InboxState(long cursor, long head, long waitingBytes) {}

    /**
     * @param entries messages and receipts in inboxes that are not confirmed
     * @param peers how many peers these wait for
     * @param complete false if there were more peers than were looked at
     */
    record Backlog(long entries, long peers, boolean complete) {}

    /**
     * @param entries in inbox order
     * @param upToSequence every entry up to here is in {@code entries} (of this or an earlier page), confirmed, ended or
     *     filtered out; equals the head when nothing is left
     * @param more whether there are entries behind upToSequence
     */
    record InboxPage(List<InboxEntry> entries, long upToSequence, boolean more) {
        /** How many messages and receipts it brings. */
        public int deliveries() {
            int deliveries = 0;
            for (InboxEntry entry : entries) {
                deliveries += entry.length();
            }
            return deliveries;
        }
    }

    /** What stands in an inbox from one sequence on. */
    sealed interface InboxEntry {
        /** Inbox sequence of the first. */
        long inboxSequence();

        /** How many inbox sequences it takes. */
        int length();

        record MessagesEntry(long inboxSequence, MessagesView messages) implements InboxEntry {
            @Override
            public int length() {
                return messages.bodies().size();
            }
        }

        record ReceiptEntry(long inboxSequence, ReceiptView receipt) implements InboxEntry {
            @Override
            public int length() {
                return 1;
            }
        }
    }

    /**
     * Messages that follow one another in a conversation and are alike but for their bodies.
     *
     * @param conversation conversation id
     * @param firstSequence place of the first in the conversation, from 1
     * @param bodies of each message, at least one
     */
    record MessagesView(
            String conversation,
            long firstSequence,
            String sender,
            long sentAtMs,
            long expiresAtMs,
            String contentType,
            List<ByteString> bodies) {
        /** The bodies together. */
        public long bodyBytes() {
            long bytes = 0;
            for (ByteString body : bodies) {
                bytes += body.size();
            }
            return bytes;
        }
    }

    record ReceiptView(
            RecipientState state, String peer, String conversation, long fromSequence, long upToSequence, long atMs) {}

    /** State of one message for one recipient. A receipt never has SENT. */
    enum RecipientState {
        SENT,
        DELIVERED,
        READ,
        LEFT,
        EXPIRED
    }

    /**
     * @param atMs when the state was reached
     * @param deliveredAtMs when the peer confirmed it; 0: it did not
     */
    record RecipientView(String peer, RecipientState state, long atMs, long deliveredAtMs) {}

    /**
     * @param position of the log entry that brought it; {@code NONE} if that was not noted
     */
    record MessageStatus(
            String sender,
            LogPosition position,
            long sentAtMs,
            long expiresAtMs,
            List<RecipientView> recipients,
            boolean more) {}

    record PendingPage(long count, boolean more, List<PendingView> oldest) {}

    record PendingView(String conversation, long sequence, String sender) {}

    /**
     * @param messages ascending
     * @param more whether there are older ones
     */
    record HistoryPage(List<MessagesView> messages, boolean more) {}

    /** What a member may do, from the least to the most. */
    enum GroupRole {
        /** Only receives. */
        READER,
        /** Sends and receives. */
        MEMBER,
        /** Invites, removes, bans, and makes members readers and back. */
        ADMIN,
        /** Everything. */
        OWNER
    }

    record MemberView(String peer, long sinceMs, GroupRole role) {}

    record InvitationView(String group, String by, long atMs) {}

    /**
     * @param hash SHA-256 of the code
     * @param name the only name it is for; empty: any that is free
     * @param unlocks whether it is for a name that was locked
     */
    record InviteView(
            ByteString hash, String name, long createdAtMs, long expiresAtMs, String operator, boolean unlocks) {}

    /**
     * @param identityKey empty while the name is locked
     * @param encryptionKey empty if none was published
     */
    record PeerKeysView(ByteString identityKey, ByteString encryptionKey, ByteString signature) {}
}
