package org.apache.ratis.server.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;

final class EarlyElectionTest {
    /** Ratis' own election, whose requests for votes a silent router never answers. */
    private final UnansweredCandidate candidate = new UnansweredCandidate();

    @Test
    void anElectionThatIsLostEndsAlthoughItWaitsForASilentRouter() throws InterruptedException {
        LeaderElection election = LeaderElection.newInstance(candidate, false);
        election.start();
        assertThat(candidate.asked.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> ended = election.shutdown();
        assertThat(ended).as("what Ratis does by itself").isNotDone();

        await().untilAsserted(() -> {
            EarlyElection.interruptWaiting(candidate.group);
            assertThat(ended).isDone();
        });
    }

    private static final class UnansweredCandidate implements LeaderElection.ServerInterface {
        private static final RaftGroupMemberId MEMBER =
                RaftGroupMemberId.valueOf(RaftPeerId.valueOf("n1"), RaftGroupId.randomId());

        private final ThreadGroup group = new ThreadGroup("division");
        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public RaftGroupMemberId getMemberId() {
            return MEMBER;
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public boolean isCandidate() {
            return true;
        }

        @Override
        public long getCurrentTerm() {
            return 1;
        }

        @Override
        public long getLastCommittedIndex() {
            return 1;
        }

        @Override
        public TermIndex getLastEntry() {
            return TermIndex.valueOf(1, 1);
        }

        @Override
        public boolean isPreVoteEnabled() {
            return true;
        }

        @Override
        public LeaderElection.ConfAndTerm initElection(LeaderElection.Phase phase) {
            List<RaftPeer> peers = List.of(peer("n1"), peer("n2"));
            return new LeaderElection.ConfAndTerm(
                    RaftConfigurationImpl.newBuilder()
                            .setConf(peers)
                            .setLogEntryIndex(0)
                            .build(),
                    1);
        }

        private static RaftPeer peer(String id) {
            return RaftPeer.newBuilder().setId(id).build();
        }

        @Override
        public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("no answer");
        }

        @Override
        public void changeToLeader() {
            throw new AssertionError("nobody voted");
        }

        @Override
        public void rejected(long term, LeaderElection.ResultAndTerm result) {
            throw new AssertionError("nobody voted");
        }

        @Override
        public void shutdown() {}

        @Override
        public Timekeeper getLeaderElectionTimer() {
            return () -> () -> 0;
        }

        @Override
        public void onNewLeaderElectionCompletion() {}

        @Override
        public TimeDuration getRandomElectionTimeout() {
            return TimeDuration.valueOf(1, TimeUnit.HOURS);
        }

        @Override
        public ThreadGroup getThreadGroup() {
            return group;
        }
    }
}
