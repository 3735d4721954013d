package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;

final class SteadyFollowersTest {
    private static final RaftPeerId N1 = RaftPeerId.valueOf("n1");
    private static final RaftPeerId N2 = RaftPeerId.valueOf("n2");
    private static final RaftPeerId N3 = RaftPeerId.valueOf("n3");

    private final SteadyFollowers followers = new SteadyFollowers();

    @Test
    void whoWasAwayStandsBehindWhoWasNot() {
        followers.look(Set.of(N1, N2, N3));
        followers.look(Set.of(N1, N3));
        followers.look(Set.of(N1, N2, N3));

        assertThat(followers.steadiestFirst(List.of(N2, N3))).containsExactly(N3, N2);
    }

    @Test
    void nothingIsRememberedOfAnEarlierTimeAsLeader() {
        followers.look(Set.of(N1, N3));
        followers.look(Set.of(N1));
        followers.look(Set.of(N1, N2));

        assertThat(followers.steadiestFirst(List.of(N3, N2))).containsExactly(N2, N3);
    }

    @Test
    void amongEqualsTheOrderStays() {
        assertThat(followers.steadiestFirst(List.of(N2, N1, N3))).containsExactly(N2, N1, N3);
    }
}
