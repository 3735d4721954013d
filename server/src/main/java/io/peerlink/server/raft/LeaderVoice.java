package io.peerlink.server.raft;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;

/**
 * When this router last answered its leader. Ratis' own clock of a follower is also wound by requests for votes, so one that
 * must refuse a candidate, because its own log is longer, would wait for as long as that candidate keeps asking (seen: 9 s
 * without a leader). Thread-safe.
 */
final class LeaderVoice {
    private final AtomicLong heardNanos = new AtomicLong(System.nanoTime());

    /** {@link System#nanoTime} of the last answer to a leader. */
    long heardNanos() {
        return heardNanos.get();
    }

    /** An answer to another router, given back as it is. */
    Object passing(Object message) {
        if (isAnswerToLeader(message)) {
            heardNanos.set(System.nanoTime());
        }
        return message;
    }

    private static boolean isAnswerToLeader(Object message) {
        return message instanceof InstallSnapshotReplyProto
                || (message instanceof AppendEntriesReplyProto reply && reply.getResult() != AppendResult.NOT_LEADER);
    }
}
