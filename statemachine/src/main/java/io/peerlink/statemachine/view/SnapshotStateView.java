package io.peerlink.statemachine.view;

import com.google.protobuf.ByteString;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.state.RunningHash;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.ReadSnapshot;
import io.peerlink.statemachine.store.RocksStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers each question from a RocksDB snapshot of its own. Any thread. */
public final class SnapshotStateView implements StateView {
    private final RocksStore store;
    private final RunningHash hashes;
    private final RunCache runs = new RunCache();
    private volatile Applied applied;

    /** What the last applied entry left. */
    private record Applied(LogPosition position, long clockMs) {}

    /**
     * @param hashes told the stored state's hash
     */
    public SnapshotStateView(RocksStore store, RunningHash hashes) {
        this.store = store;
        this.hashes = hashes;
        this.applied = ask(rows -> {
            var record = rows.get(Tables.APPLIED, Tables.appliedKey());
            if (record == null) {
                return new Applied(LogPosition.NONE, 0);
            }
            LogPosition position = new LogPosition(record.getTerm(), record.getIndex());
            hashes.restore(position, record.getChain());
            return new Applied(position, record.getClockMs());
        });
    }

    /** Called by the apply thread after each commit. */
    public void advance(LogPosition position, long clockMs) {
        applied = new Applied(position, clockMs);
    }

    @Override
    public LogPosition applied() {
        return applied.position();
    }

    @Override
    public long clockMs() {
        return applied.clockMs();
    }

    @Override
    public Optional<InboxState> inboxState(String peer) {
        return ask(rows -> Optional.ofNullable(rows.get(Tables.CURSORS, KeyCodec.name(peer)))
                .map(cursor -> new InboxState(cursor.getConfirmed(), cursor.getHead(), cursor.getWaitingBytes())));
    }

    @Override
    public InboxPage readInbox(String peer, long afterSequence, InboxFilter filter, int deliveriesMax, long bytesMax) {
        return ask(rows -> new InboxReader(rows, new MessageReader(rows, runs), peer)
                .read(afterSequence, filter, deliveriesMax, bytesMax));
    }

    @Override
    public Optional<MessageStatus> status(
            String viewer,
            String conversation,
            long sequence,
            boolean lackingOnly,
            String afterPeer,
            int recipientsMax) {
        return ask(rows -> new StatusReader(rows, new MessageReader(rows, runs), conversation, sequence)
                .read(viewer, lackingOnly, afterPeer, recipientsMax));
    }

    @Override
    public PendingPage pending(String peer, Optional<String> sender, int oldestMax, int entriesMax) {
        return ask(rows -> new PendingReader(rows, peer).read(sender, oldestMax, entriesMax));
    }

    @Override
    public Optional<HistoryPage> history(String viewer, String conversation, long beforeSequence, int messagesMax) {
        return ask(rows -> new HistoryReader(rows, new MessageReader(rows, runs), conversation)
                .read(viewer, beforeSequence, messagesMax));
    }

    @Override
    public List<String> groupsOf(String peer, String afterGroup, int groupsMax) {
        return ask(rows -> AccessReader.namesBehind(rows, Tables.MEMBERSHIPS, peer, afterGroup, groupsMax));
    }

    @Override
    public List<InvitationView> invitationsOf(String peer, String afterGroup, int groupsMax) {
        return ask(rows -> AccessReader.invitations(rows, peer, afterGroup, groupsMax));
    }

    @Override
    public List<String> blockedBy(String peer, String afterName, int namesMax) {
        return ask(rows -> AccessReader.namesBehind(rows, Tables.BLOCKS, peer, afterName, namesMax));
    }

    @Override
    public boolean isBlocked(String peer, String other) {
        return ask(rows -> rows.get(Tables.BLOCKS, KeyCodec.names(peer, other)) != null);
    }

    @Override
    public List<InviteView> invites(ByteString afterHash, int invitesMax) {
        return ask(rows -> AccessReader.invites(rows, afterHash, invitesMax));
    }

    @Override
    public Optional<List<MemberView>> members(String group, String afterPeer, int membersMax) {
        return ask(rows -> AccessReader.members(rows, group, afterPeer, membersMax));
    }

    @Override
    public boolean isMember(String group, String peer) {
        return ask(rows -> rows.get(Tables.MEMBERS, KeyCodec.names(group, peer)) != null);
    }

    @Override
    public Optional<PeerKeysView> peerKeys(String peer) {
        return ask(rows -> Optional.ofNullable(rows.get(Tables.PEERS, KeyCodec.name(peer)))
                .map(record -> new PeerKeysView(
                        record.getPublicKey(), record.getEncryptionKey(), record.getEncryptionKeySignature())));
    }

    @Override
    public Optional<ByteString> runningHash(long index) {
        return hashes.at(index);
    }

    @Override
    public Backlog backlog(int peersMax) {
        return ask(rows -> BacklogReader.read(rows, peersMax));
    }

    @Override
    public StateDigest digest() {
        return ask(DigestReader::digest);
    }

    private <T> T ask(Function<ReadSnapshot, T> question) {
        try (ReadSnapshot rows = store.snapshot()) {
            return question.apply(rows);
        }
    }
}
