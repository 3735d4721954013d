package io.peerlink.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.client.identity.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachTest extends ClientFixture {
    @TempDir
    private Path directory;

    @Test
    void provesItsKeyAndRegisters() {
        FakeRouter router = router("r1");

        Attachment attachment = connect(router).awaitAttached(Duration.ZERO);

        assertThat(attachment.registered()).isTrue();
        assertThat(attachment.peer()).isEqualTo("alice");
        assertThat(attachment.clusterId()).isEqualTo(FakeCluster.ID);
        assertThat(attachment.address()).isEqualTo(router.address());
    }

    @Test
    void followsTheRedirectToAServerItDidNotKnow() {
        FakeRouter leader = router("r1");
        FakeRouter follower = router("r2").follows(leader);

        PeerLinkClient client = connect(follower);

        assertThat(client.attachment().orElseThrow().router()).isEqualTo("r1");
    }

    @Test
    void waitsForALeader() {
        FakeRouter router = router("r1");
        router.leader = false;
        PeerLinkClient client = start(builder(router));
        assertThatThrownBy(() -> client.awaitAttached(Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));

        router.leads(2);

        assertThat(client.awaitAttached(Duration.ofSeconds(20)).term()).isEqualTo(2);
    }

    @Test
    void tellsADefiniteRefusal() {
        FakeRouter router = router("r1");
        connect(router);

        PeerLinkClient impostor = start(builder(router).identity(Identity.generate("alice")));

        assertThatThrownBy(impostor::connect)
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_KEY));
        assertThat(impostor.state()).isEqualTo(ConnectionState.REFUSED);
        assertThat(errorOf(impostor.sendAsync(text("x")))).isEqualTo(ErrorCode.WRONG_KEY);
    }

    @Test
    void leavesForGoodIfNobodySpeaksTls() {
        FakeRouter router = router("r1");
        FakeRouter other = router("r2");

        PeerLinkClient client = start(builder(router, other).trust(RouterTrust.firstSight(directory.resolve("known"))));

        assertThatThrownBy(client::connect)
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TLS_MISMATCH));
        assertThat(client.state()).isEqualTo(ConnectionState.REFUSED);
        assertThat(router.frames).isEmpty();
        assertThat(directory.resolve("known")).doesNotExist();
    }

    @Test
    void doesNotRegisterUnlessAsked() {
        FakeRouter router = router("r1");

        PeerLinkClient client = start(builder(router).registerIfUnknown(false));

        assertThatThrownBy(client::connect)
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_REGISTERED));
    }

    @Test
    void ignoresALeaderOfThePast() {
        FakeRouter now = router("r1");
        FakeRouter past = router("r2").follows(now);
        now.term = 7;
        PeerLinkClient client = connect(now, past);
        past.leads(6);
        now.leader = false;

        now.breakStreams();
        await().untilAsserted(() -> assertThat(past.frames).anyMatch(io.peerlink.protocol.v1.ClientFrame::hasAttach));
        now.leads(8);

        await().untilAsserted(() ->
                assertThat(client.attachment().orElseThrow().term()).isEqualTo(8));
    }

    @Test
    void tellsItsListenerWhatHappens() {
        FakeRouter router = router("r1");
        List<String> events = new CopyOnWriteArrayList<>();
        PeerLinkClient client = start(builder(router)
                        .connectionListener(event -> events.add(event.getClass().getSimpleName())))
                .connect();
        router.breakStreams();
        await().until(() -> events.stream().filter("Attached"::equals).count() == 2);

        client.close();

        await().untilAsserted(() -> assertThat(events)
                .containsExactly("Connecting", "Attached", "Lost", "Connecting", "Attached", "Closed"));
    }
}
