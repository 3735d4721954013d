package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.LeaderInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MembershipTest {
    private static final List<RaftPeer> PEERS = List.of(peer("n1"), peer("n2"));

    private static RaftPeer peer(String id) {
        return RaftPeer.newBuilder().setId(id).build();
    }

    /** The server of the leader n1, to whom n2 has said nothing for so long, and who does all that it is asked. */
    private static RaftServer leader(long silentMs) {
        return leader(
                silentMs,
                request -> CompletableFuture.completedFuture(RaftClientReply.newBuilder()
                        .setRequest(request)
                        .setSuccess()
                        .build()));
    }

    private static RaftServer leader(
            long silentMs, Function<RaftClientRequest, CompletableFuture<RaftClientReply>> onTransfer) {
        RoleInfoProto role = RoleInfoProto.newBuilder()
                .setLeaderInfo(LeaderInfoProto.newBuilder()
                        .addFollowerInfo(ServerRpcProto.newBuilder()
                                .setId(RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8("n2")))
                                .setLastRpcElapsedTimeMs(silentMs)))
                .build();
        DivisionInfo info = StandIn.of(
                DivisionInfo.class,
                Map.of("getCurrentRole", none -> RaftPeerRole.LEADER, "getRoleInfoProto", none -> role));
        RaftConfiguration configuration = StandIn.of(RaftConfiguration.class, Map.of("getCurrentPeers", none -> PEERS));
        RaftServer.Division division = StandIn.of(
                RaftServer.Division.class,
                Map.of(
                        "getInfo",
                        none -> info,
                        "getRaftConf",
                        none -> configuration,
                        "getCommitInfos",
                        none -> List.of(CommitInfoProto.newBuilder()
                                .setServer(RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8("n2")))
                                .build())));
        return StandIn.of(
                RaftServer.class,
                Map.of(
                        "getId",
                        none -> RaftPeerId.valueOf("n1"),
                        "getDivision",
                        group -> division,
                        "transferLeadershipAsync",
                        arguments -> onTransfer.apply((RaftClientRequest) arguments[0])));
    }

    private static MembershipOutcome transfer(Duration electionTimeoutMax, long silentMs, Optional<String> to) {
        return new Membership(
                        leader(silentMs),
                        RaftGroupId.randomId(),
                        MembershipStandIn.AT_ONCE,
                        electionTimeoutMax,
                        electionTimeoutMax)
                .transfer(to)
                .join();
    }

    @ParameterizedTest
    @ValueSource(longs = {400, 10_000})
    void aRouterIsCountedOnForThreeOfTheLongestElectionTimeOuts(long electionTimeoutMaxMs) {
        Duration longest = Duration.ofMillis(electionTimeoutMaxMs);
        long silence = 3 * electionTimeoutMaxMs;
        assertThat(transfer(longest, silence - 1, Optional.of("n2"))).isEqualTo(new MembershipOutcome.Done("n2"));
        assertThat(transfer(longest, silence, Optional.of("n2")))
                .isEqualTo(new MembershipOutcome.Refused(MembershipOutcome.Reason.NO_PROGRESS, "n2 does not answer"));
        assertThat(transfer(longest, silence, Optional.empty()))
                .isEqualTo(new MembershipOutcome.Refused(MembershipOutcome.Reason.NO_PROGRESS, "no follower answers"));
    }

    /** Ratis answers whoever asks while one is being made with that one. */
    @Test
    void aCheckpointThatBeganBeforeItWasAskedForIsNotEnough() {
        AtomicLong made = new AtomicLong(7);
        Checkpoints checkpoints = new Checkpoints() {
            @Override
            public long demand() {
                return 9;
            }

            @Override
            public long newestIndex() {
                return made.get();
            }
        };

        MembershipOutcome outcome = MembershipStandIn.makingCheckpoints(made::incrementAndGet, checkpoints)
                .checkpoint()
                .join();

        assertThat(outcome).isInstanceOf(MembershipOutcome.Done.class);
        assertThat(made).hasValue(9);
    }

    @Test
    void tellsWhoIsToLeadWhileLeadershipMoves() {
        CompletableFuture<RaftClientReply> moved = new CompletableFuture<>();
        Membership membership = new Membership(
                leader(1, request -> moved),
                RaftGroupId.randomId(),
                MembershipStandIn.AT_ONCE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        assertThat(membership.successor()).isEmpty();

        CompletableFuture<MembershipOutcome> outcome = membership.transfer(Optional.of("n2"));

        assertThat(membership.successor()).contains(RaftPeerId.valueOf("n2"));
        moved.completeExceptionally(new TransferLeadershipException("too late"));
        assertThat(outcome.join()).isInstanceOf(MembershipOutcome.Refused.class);
        assertThat(membership.successor()).isEmpty();
    }
}
