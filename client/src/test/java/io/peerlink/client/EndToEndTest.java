package io.peerlink.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.PublishKeys;
import io.peerlink.protocol.v1.Send;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealed messages through a client, against a scripted router. */
class EndToEndTest extends ClientFixture {
    private static final Identity BOB = Identity.generate("bob");
    private static final String SEALED = "application/peerlink-e2ee";

    @TempDir
    Path directory;

    private FakeRouter router;

    @BeforeEach
    void startRouter() {
        router = router("r1");
    }

    private PeerLinkClient alice() {
        return start(builder(router).endToEnd(directory.resolve("a"))).connect();
    }

    private PeerLinkClient bob() {
        PeerLinkClient bob = start(builder(router).identity(BOB).endToEnd(directory.resolve("b")))
                .connect();
        bob.keyPublished().join();
        return bob;
    }

    private List<Send> sends() {
        return cluster.carriedOut().stream()
                .filter(request -> request.hasSend())
                .map(request -> request.getSend())
                .toList();
    }

    private static Messages delivered(long place, ByteString body) {
        return Messages.newBuilder()
                .setConversation("alice~bob")
                .setFirstSequence(place)
                .setSender("alice")
                .setContentType(SEALED)
                .addBodies(body)
                .build();
    }

    @Test
    void whatOneSealsTheOtherReadsAndTheRouterDoesNot() {
        PeerLinkClient bob = bob();
        PeerLinkClient alice = alice();

        alice.send(
                OutgoingMessage.bytes("bob", "hidden words".getBytes(java.nio.charset.StandardCharsets.UTF_8), "text/x")
                        .sealed());

        Send send = sends().get(0);
        assertThat(send.getContentType()).isEqualTo(SEALED);
        assertThat(send.getBodies(0).toStringUtf8()).doesNotContain("hidden").doesNotContain("text/x");
        List<IncomingMessage> received = new CopyOnWriteArrayList<>();
        bob.subscribe(received::add);
        cluster.add(delivered(1, send.getBodies(0)));
        cluster.add(delivered(2, send.getBodies(0)));
        cluster.add(delivered(3, ByteString.copyFromUtf8("nonsense")));
        cluster.addMessage("carol", "plain");
        cluster.add(delivered(1, send.getBodies(0)));
        router.pump();
        await().until(() -> received.size() == 5);
        assertThat(received)
                .extracting(IncomingMessage::encryption)
                .containsExactly(
                        Encryption.VERIFIED,
                        Encryption.REPLAYED,
                        Encryption.UNREADABLE,
                        Encryption.NONE,
                        Encryption.VERIFIED);
        assertThat(received)
                .extracting(IncomingMessage::text)
                .containsExactly("hidden words", "", "", "plain", "hidden words");
        assertThat(received).extracting(IncomingMessage::redelivered).containsExactly(false, false, false, false, true);
        assertThat(received).extracting(IncomingMessage::contentType).startsWith("text/x", SEALED);
        await().until(() -> cluster.cursor() == 5);
    }

    @Test
    void messagesKeepTheOrderOfTheCallsWhileTheKeyIsLookedUp() {
        bob();
        PeerLinkClient alice = alice();
        alice.keyPublished().join();
        router.keysShown = new CompletableFuture<>();
        CompletableFuture<SendReceipt> first = alice.sendAsync(text("1").sealed());
        CompletableFuture<SendReceipt> second = alice.sendAsync(text("2"));
        CompletableFuture<SendReceipt> third = alice.sendAsync(text("3").sealed());
        await().until(() -> router.keyQuestions.contains("bob"));
        assertThat(sends()).isEmpty();

        router.keysShown.complete(null);
        CompletableFuture.allOf(first, second, third).join();

        assertThat(sends()).extracting(Send::getContentType).containsExactly(SEALED, "", SEALED);
        assertThat(router.keyQuestions.stream().filter("bob"::equals))
                .as("bob's own question, and one of alice's")
                .hasSize(2);
    }

    @Test
    void aHandlerOnTheOnlyThreadMaySendSealed() throws Exception {
        bob();
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            PeerLinkClient alice = start(
                            builder(router).endToEnd(directory.resolve("a")).callbackExecutor(one))
                    .connect();
            CompletableFuture<SendReceipt> sent = new CompletableFuture<>();
            alice.subscribe(message -> sent.complete(alice.send(text("answer").sealed())));
            cluster.addMessage("bob", "question");
            router.pump();
            assertThat(sent.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                            .join()
                            .recipients())
                    .isEqualTo(1);
        } finally {
            one.shutdown();
        }
    }

    @Test
    void aResendAfterALostConnectionHasTheSameBytes() {
        bob();
        PeerLinkClient alice = alice();
        alice.keyPublished().join();
        router.ignoresRequests = true;
        CompletableFuture<SendReceipt> sent = alice.sendAsync(text("x").sealed());
        await().until(() -> sendFrames().size() == 1);

        router.ignoresRequests = false;
        router.breakStreams();
        sent.join();

        assertThat(sendFrames()).hasSize(2);
        assertThat(sendFrames().get(1)).isEqualTo(sendFrames().get(0));
    }

    private List<Send> sendFrames() {
        return router.frames(io.peerlink.protocol.v1.ClientFrame.KindCase.REQUESTS).stream()
                .flatMap(frame -> frame.getRequests().getRequestsList().stream())
                .filter(request -> request.hasSend())
                .map(request -> request.getSend())
                .toList();
    }

    @Test
    void refusesAChangedKeyUntilItIsAccepted() {
        PeerLinkClient bob = bob();
        PeerLinkClient alice = alice();
        alice.send(text("1").sealed());
        assertThat(alice.keys("bob").join().isChanged()).isFalse();
        bob.close();
        Identity other = Identity.generate("bob");
        cluster.keys.put("bob", ByteString.copyFrom(other.publicKey()));
        cluster.published.remove("bob");
        start(builder(router).identity(other).endToEnd(directory.resolve("b2")))
                .connect()
                .keyPublished()
                .join();
        PeerLinkClient again = alice();

        assertThat(errorOf(again.sendAsync(text("2").sealed()))).isEqualTo(ErrorCode.PEER_KEY_CHANGED);
        PeerKeys keys = again.keys("Bob").join();
        assertThat(keys.isChanged()).isTrue();
        assertThat(errorOf(again.acceptKeys("bob", keys.remembered().orElseThrow())))
                .isEqualTo(ErrorCode.PEER_KEY_CHANGED);
        assertThat(again.acceptKeys("bob", keys.fingerprint()).join().isChanged())
                .isFalse();

        again.send(text("3").sealed());
        assertThat(sends()).hasSize(2);
    }

    @Test
    void saysWhyItCannotSeal() {
        PeerLinkClient alice = alice();
        alice.keyPublished().join();
        cluster.keys.put("bob", ByteString.copyFrom(BOB.publicKey()));
        assertThat(errorOf(alice.sendAsync(text("x").sealed()))).isEqualTo(ErrorCode.NO_ENCRYPTION_KEY);

        PublishKeys ofAlice = cluster.published.get("alice");
        cluster.published.put("bob", ofAlice);
        assertThat(errorOf(alice.sendAsync(text("x").sealed()))).isEqualTo(ErrorCode.FORGED_KEY);
        assertThat(alice.keys("bob").join().receivesSealed()).isFalse();

        cluster.published.remove("bob");
        bob();
        OutgoingMessage typed = OutgoingMessage.bytes("bob", new byte[1], "text/\n");
        assertThat(errorOf(alice.sendAsync(typed.sealed()))).isEqualTo(ErrorCode.BAD_CONTENT_TYPE);
        router.bodyBytesMax = 2_000;
        router.breakStreams();
        await().until(() -> alice.attachment()
                .map(known -> known.limits().bodyBytesMax() == 2_000)
                .orElse(false));
        assertThat(errorOf(alice.sendAsync(text("x".repeat(1_900)).sealed()))).isEqualTo(ErrorCode.BODY_TOO_LARGE);
        assertThat(alice.send(text("x".repeat(200)).sealed()).recipients()).isEqualTo(1);
        assertThat(alice.unsettled()).isZero();
    }

    @Test
    void withoutKeysNothingIsSealedOrOpened() {
        PeerLinkClient alice = connect(router);
        assertThatThrownBy(() -> alice.send(text("x").sealed())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(alice::keyPublished).isInstanceOf(IllegalStateException.class);
        List<IncomingMessage> received = new CopyOnWriteArrayList<>();
        alice.subscribe(received::add);
        cluster.add(delivered(1, ByteString.copyFromUtf8("sealed")));
        router.pump();
        await().until(() -> received.size() == 1);
        assertThat(received.get(0).encryption()).isEqualTo(Encryption.NOT_OPENED);
        assertThat(received.get(0).body()).hasSize(6);
    }
}
