package io.peerlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.GoingAway;
import io.peerlink.protocol.v1.RouterFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailoverTest extends ClientFixture {
    private final FakeRouter first = router("r1");
    private final FakeRouter second = router("r2").follows(first);

    private void moveLeadership() {
        first.leader = false;
        first.leaderAddress = second.address();
        second.leads(2);
    }

    @Test
    void resendsTheSameSequencesAndGetsTheFirstOutcomes() {
        first.mute = true;
        PeerLinkClient client = connect(first, second);
        List<CompletableFuture<SendReceipt>> sends = IntStream.range(0, 100)
                .mapToObj(i -> client.sendAsync(text("m" + i)))
                .toList();
        await().until(() -> cluster.accepted().size() == 100);

        moveLeadership();
        first.breakStreams();

        for (int i = 0; i < 100; i++) {
            assertThat(sends.get(i).join().id().sequence()).isEqualTo(i + 1L);
        }
        assertThat(cluster.accepted()).hasSize(100);
        assertThat(second.frames(ClientFrame.KindCase.REQUESTS)
                        .get(0)
                        .getRequests()
                        .getFirstSequence())
                .isEqualTo(1);
    }

    @Test
    void goesWhereALeavingRouterPoints() {
        PeerLinkClient client = connect(first);
        moveLeadership();

        first.streams.forEach(stream -> stream.send(RouterFrame.newBuilder()
                .setGoingAway(GoingAway.newBuilder().setReason("stop").setLeaderAddress(second.address()))));
        client.send(text("x"));

        assertThat(client.attachment().orElseThrow().router()).isEqualTo("r2");
    }

    private Duration untilAttachedTo(FakeRouter next, FakeRouter from, String pointedTo, PeerLinkClient client) {
        from.leader = false;
        next.leads(next.term + 2);
        long start = System.nanoTime();
        from.streams.forEach(stream -> stream.send(RouterFrame.newBuilder()
                .setGoingAway(GoingAway.newBuilder().setReason("stop").setLeaderAddress(pointedTo))));
        await().until(() -> client.attachment().orElseThrow().router().equals(next.id));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void waitsForTheRouterThatALeavingOnePointsToBeforeItTroublesOthers() {
        FakeRouter third = router("r3").follows(first);
        PeerLinkClient client = connect(first, second, third);
        second.frozen = true;

        assertThat(untilAttachedTo(third, first, second.address(), client))
                .isGreaterThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void triesAllAtOnceWhenTheRouterPointedToRefuses() {
        FakeRouter gone = router("r3");
        String goneAddress = gone.address();
        gone.close();

        // The quickest of some, since this machine may be slow for a moment.
        List<Duration> moves = new ArrayList<>();
        FakeRouter now = first;
        for (int i = 0; i < 5; i++) {
            PeerLinkClient client = connect(first, second);
            FakeRouter next = now == first ? second : first;
            moves.add(untilAttachedTo(next, now, goneAddress, client));
            client.close();
            now = next;
        }

        assertThat(moves).anyMatch(move -> move.compareTo(Duration.ofMillis(250)) < 0);
    }

    @Test
    void hasProvedItsNameWhenTheRouterThatItWaitsForTakesOver() {
        first.leader = false;
        first.undecided = true;
        PeerLinkClient client = start(builder(first));
        await().until(() -> first.frames(ClientFrame.KindCase.ATTACH).size() == 1);
        assertThat(client.state()).isNotEqualTo(ConnectionState.ATTACHED);

        first.leads(2);
        first.decide();

        await().until(() -> client.state() == ConnectionState.ATTACHED);
        assertThat(first.frames(ClientFrame.KindCase.HELLO)).hasSize(1);
    }

    @Test
    void leavesARouterThatDoesNotKnowForOneThatLeads() {
        second.undecided = true;
        PeerLinkClient client = start(builder(second));
        await().until(() -> second.frames(ClientFrame.KindCase.ATTACH).size() == 1);
        client.close();

        PeerLinkClient another = connect(second, first);

        assertThat(another.attachment().orElseThrow().router()).isEqualTo("r1");
    }

    @Test
    void goesToTheRouterThatTakesOverInsteadOfTheOneItWaitedFor() {
        first.leader = false;
        first.undecided = true;
        second.undecided = true;
        PeerLinkClient client = start(builder(first, second));
        await().until(() -> first.frames(ClientFrame.KindCase.ATTACH).size()
                        + second.frames(ClientFrame.KindCase.ATTACH).size()
                == 1);

        boolean waitsForFirst = !first.frames(ClientFrame.KindCase.ATTACH).isEmpty();
        FakeRouter taker = waitsForFirst ? second : first;
        FakeRouter other = waitsForFirst ? first : second;
        taker.leads(2);
        other.leaderAddress = taker.address();
        taker.decide();
        other.decide();

        await().until(() -> client.state() == ConnectionState.ATTACHED);
        assertThat(client.attachment().orElseThrow().router()).isEqualTo(taker.id);
    }

    @Test
    void isNotSentToAndFroAtFullSpeedByTwoThatPointAtEachOther() {
        first.leader = false;
        first.leaderAddress = second.address();
        long begun = System.nanoTime();

        start(builder(first, second));

        await().until(() -> System.nanoTime() - begun > Duration.ofSeconds(1).toNanos());
        int hellos = first.frames(ClientFrame.KindCase.HELLO).size()
                + second.frames(ClientFrame.KindCase.HELLO).size();
        // 20 here; 137 before an address that refused had to wait for the next round.
        assertThat(hellos).isBetween(2, 60);
    }

    @Test
    void leavesASilentLeaderWithinTheAckTimeout() {
        PeerLinkClient client =
                start(builder(first, second).ackTimeout(Duration.ofSeconds(2))).connect();
        first.frozen = true;
        second.leads(2);
        long start = System.nanoTime();

        client.send(text("x"));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(client.attachment().orElseThrow().router()).isEqualTo("r2");
    }

    @Test
    void givesAStreamUpForALeaderOnlyNotForARouterThatDoesNotKnow() {
        PeerLinkClient client =
                start(builder(first, second).ackTimeout(Duration.ofMillis(400))).connect();
        second.undecided = true;
        int hellos = second.frames(ClientFrame.KindCase.HELLO).size();
        // It answers Pings and settles nothing, which is worth a look at the others.
        first.mute = true;
        CompletableFuture<SendReceipt> sent = client.sendAsync(text("x"));

        await().until(() -> second.frames(ClientFrame.KindCase.HELLO).size() >= hellos + 3);
        assertThat(second.frames(ClientFrame.KindCase.ATTACH)).isEmpty();
        assertThat(client.attachment().orElseThrow().router()).isEqualTo("r1");

        second.undecided = false;
        moveLeadership();
        sent.join();
        assertThat(client.attachment().orElseThrow().router()).isEqualTo("r2");
    }

    @Test
    void noticesASilentLeaderAlsoWhenIdle() {
        PeerLinkClient client =
                start(builder(first, second).ackTimeout(Duration.ofMillis(400))).connect();
        first.frozen = true;

        second.leads(2);

        await().until(() -> client.attachment().orElseThrow().router().equals("r2"));
    }

    @Test
    void staysWithALeaderThatAnswersPings() {
        PeerLinkClient client =
                start(builder(first, second).ackTimeout(Duration.ofMillis(200))).connect();

        await().until(() -> first.frames(ClientFrame.KindCase.PING).size() >= 5);

        assertThat(first.frames(ClientFrame.KindCase.ATTACH)).hasSize(1);
        assertThat(client.state()).isEqualTo(ConnectionState.ATTACHED);
    }

    @Test
    void takesANewLeaderWhenTheOldOneSettlesNothing() {
        PeerLinkClient client =
                start(builder(first, second).ackTimeout(Duration.ofMillis(400))).connect();
        first.ignoresRequests = true;
        second.leads(2);

        client.send(text("x"));

        assertThat(client.attachment().orElseThrow().router()).isEqualTo("r2");
    }

    @Test
    void findsANewLeaderSoonAfterItIsReady() {
        PeerLinkClient client = connect(first, second);
        first.leader = false;
        first.breakStreams();
        await().until(() -> client.state() == ConnectionState.CONNECTING);
        second.leads(2);
        long ready = System.nanoTime();

        client.send(text("x"));

        assertThat(Duration.ofNanos(System.nanoTime() - ready)).isLessThan(Duration.ofMillis(300));
    }

    @Test
    void neverResendsUnderANewIncarnation() {
        first.mute = true;
        PeerLinkClient client = start(builder(first)).connect();
        CompletableFuture<SendReceipt> sent = client.sendAsync(text("sent"));
        await().until(() -> cluster.accepted().size() == 1);
        first.leader = false;
        first.breakStreams();
        await().until(() -> client.state() == ConnectionState.CONNECTING);
        CompletableFuture<SendReceipt> waiting = client.sendAsync(text("waiting"));
        cluster.forgetIncarnations();
        first.mute = false;

        first.leads(1);

        assertThat(errorOf(sent)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(waiting.join().recipients()).isEqualTo(1);
        assertThat(cluster.accepted()).containsExactly("sent", "waiting");
    }

    @Test
    void resendsFromTheLowestAfterAGap() {
        PeerLinkClient client = connect(first);
        client.send(text("a"));
        cluster.gaps = 2;

        SendReceipt receipt = client.send(text("b"));

        assertThat(receipt.id().sequence()).isEqualTo(2);
        assertThat(cluster.accepted()).containsExactly("a", "b");
        assertThat(first.frames(ClientFrame.KindCase.REQUESTS))
                .extracting(frame -> frame.getRequests().getFirstSequence())
                .containsExactly(1L, 2L, 2L, 2L);
    }

    @Test
    void givesAnIncarnationUpWhenTheGapStays() {
        PeerLinkClient client = connect(first);
        client.send(text("a"));
        cluster.gaps = 1_000;

        CompletableFuture<SendReceipt> stuck = client.sendAsync(text("b"));

        assertThat(errorOf(stuck)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(client.send(text("c")).recipients()).isEqualTo(1);
        assertThat(cluster.accepted()).containsExactly("a", "c");
    }

    @Test
    void doesNotFightOverItsSession() {
        PeerLinkClient client = connect(first);

        first.streams.forEach(stream ->
                stream.refuse(FakeCluster.error(io.peerlink.protocol.v1.ErrorCode.SESSION_REPLACED, "replaced")));

        await().until(() -> client.state() == ConnectionState.REFUSED);
        assertThat(errorOf(client.sendAsync(text("x")))).isEqualTo(ErrorCode.SESSION_REPLACED);
    }

    @Test
    void losesNothingAndDoublesNothingWhileTheLeaderKeepsChanging() throws Exception {
        PeerLinkClient client = connect(first, second);
        List<CompletableFuture<SendReceipt>> sends = new ArrayList<>();
        Thread sender = new Thread(() -> {
            for (int i = 0; i < 5_000; i++) {
                sends.add(client.sendAsync(text("m" + i)));
            }
        });
        sender.start();

        FakeRouter now = first;
        for (int term = 2; term < 12; term++) {
            FakeRouter next = now == first ? second : first;
            int seen = cluster.accepted().size();
            await().until(() -> cluster.accepted().size() > Math.min(seen + 50, 4_999));
            now.leader = false;
            next.leads(term);
            now.breakStreams();
            now = next;
        }
        sender.join(20_000);

        sends.forEach(CompletableFuture::join);
        assertThat(cluster.accepted())
                .isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void asksAgainWithAFreshToken() {
        PeerLinkClient client = connect(first, second);
        first.frozen = true;
        CompletableFuture<List<String>> groups = client.groups();
        await().until(() -> !first.queryTokens.isEmpty());

        second.leads(2);
        first.frozen = false;
        moveLeadership();
        first.breakStreams();
        first.close();

        assertThat(groups.join()).containsExactly("team-of-r2");
        assertThat(second.queryTokens).doesNotContainAnyElementsOf(first.queryTokens);
    }
}
