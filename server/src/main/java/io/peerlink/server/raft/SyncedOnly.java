package io.peerlink.server.raft;

import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;

/**
 * A follower confirms no more than its disk has. Ratis 3.3.0 waits for the disk with entries that are new to it; those that
 * come again over a new stream while the first ones are still being written it confirms at once (unless requests are composed,
 * which {@link RaftSettings} has off). What is held back here is confirmed with the next entry.
 */
final class SyncedOnly {
    private final LongSupplier syncedIndex;

    /**
     * @param syncedIndex of the last entry that the disk has; any thread
     */
    SyncedOnly(LongSupplier syncedIndex) {
        this.syncedIndex = syncedIndex;
    }

    /** An answer to another router, with what it may confirm. */
    Object passing(Object message) {
        return message instanceof AppendEntriesReplyProto reply ? synced(reply) : message;
    }

    private AppendEntriesReplyProto synced(AppendEntriesReplyProto reply) {
        // Heartbeats confirm nothing: -1. Looked up only where something is confirmed.
        if (reply.getMatchIndex() < 0) {
            return reply;
        }
        long synced = syncedIndex.getAsLong();
        return reply.getMatchIndex() <= synced
                ? reply
                : reply.toBuilder().setMatchIndex(synced).build();
    }
}
