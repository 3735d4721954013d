package io.peerlink.server.raft;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

/** For tests of those that ask {@link Membership}, which may not see Ratis. */
public final class MembershipStandIn {
    private MembershipStandIn() {}

    /** Whose checkpoints hold everything. */
    static final Checkpoints AT_ONCE = new Checkpoints() {
        @Override
        public long demand() {
            return 0;
        }

        @Override
        public long newestIndex() {
            return 0;
        }
    };

    /** The router n1, which can only make checkpoints. */
    public static Membership makingCheckpoints(Runnable onCheckpoint) {
        return makingCheckpoints(onCheckpoint, AT_ONCE);
    }

    static Membership makingCheckpoints(Runnable onCheckpoint, Checkpoints checkpoints) {
        Function<Object[], Object> make = arguments -> {
            onCheckpoint.run();
            return CompletableFuture.completedFuture(RaftClientReply.newBuilder()
                    .setRequest((RaftClientRequest) arguments[0])
                    .setSuccess()
                    .build());
        };
        RaftServer server = StandIn.of(
                RaftServer.class, Map.of("getId", none -> RaftPeerId.valueOf("n1"), "snapshotManagementAsync", make));
        return new Membership(
                server, RaftGroupId.randomId(), checkpoints, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }
}
