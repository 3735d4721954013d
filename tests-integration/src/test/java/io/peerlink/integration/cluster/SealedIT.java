package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.peerlink.client.Encryption;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.HistoryMessage;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.KnownPeers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** End-to-end encryption: what routers hold, and what people see. */
final class SealedIT {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int NOT_AUTHORISED = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @TempDir
    private Path data;

    private PeerLinkClient sealing(String name) {
        PeerLinkClient client = PeerLinkClient.builder()
                .servers(CLUSTER.servers())
                .identity(Identity.loadOrCreate(data.resolve(name), name))
                .connectTimeout(PATIENCE)
                .endToEnd(data.resolve(name))
                .build()
                .connect();
        client.keyPublished().join();
        return client;
    }

    private ShellProcess peerlink(String directory, String... arguments) {
        return ShellProcess.start(CLUSTER.servers(), data.resolve(directory), arguments);
    }

    @Test
    void noRouterHoldsWhatWasSealedAlsoWhenTheLeaderIsKilledMeanwhile() throws IOException {
        List<IncomingMessage> received = new CopyOnWriteArrayList<>();
        List<String> texts = IntStream.range(0, 60)
                .mapToObj(number -> "unspeakable-" + number)
                .toList();
        try (PeerLinkClient bob = sealing("seal-bob");
                PeerLinkClient alice = sealing("seal-alice")) {
            bob.subscribe(received::add);
            alice.send(OutgoingMessage.text("seal-bob", "everybody-may-read-this"));
            texts.subList(0, 20).forEach(text -> alice.send(sealed(text)));
            CLUSTER.kill(CLUSTER.leader());
            texts.subList(20, 60).stream()
                    .map(text -> alice.sendAsync(sealed(text)))
                    .toList()
                    .forEach(sent -> sent.join());

            await().atMost(PATIENCE).until(() -> received.size() == 61);
            List<HistoryMessage> history =
                    alice.history("seal-alice~seal-bob", 0, 100).join().messages();
            assertThat(history).extracting(HistoryMessage::text).endsWith("unspeakable-59");
            assertThat(bob.drain(PATIENCE)).isTrue();
        }
        List<String> shown = received.stream().map(IncomingMessage::text).toList();
        assertThat(shown.subList(1, 61)).isEqualTo(texts);
        assertThat(received.subList(1, 61))
                .extracting(IncomingMessage::encryption)
                .containsOnly(Encryption.VERIFIED);
        CLUSTER.startAll();
        CLUSTER.awaitEqualDigests();
        ClusterAdmin admin = new ClusterAdmin(CLUSTER.servers(), PATIENCE, CLUSTER.trust());
        CLUSTER.routers().forEach(router -> admin.checkpoint(router.clientAddress()));
        assertThat(filesWith("everybody-may-read-this"))
                .as("the search finds what is there")
                .hasSizeGreaterThan(2);
        assertThat(filesWith("unspeakable")).isEmpty();
    }

    private static OutgoingMessage sealed(String text) {
        return OutgoingMessage.text("seal-bob", text).sealed();
    }

    private static List<Path> filesWith(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(CLUSTER.directory())) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Test
    void theShellMarksWhatIsSealedAndShowsAChangedKeyUntilItIsAccepted() {
        try (ShellProcess ida = peerlink("i", "shell", "--id", "ida");
                ShellProcess max = peerlink("m", "shell", "--id", "max", "--encrypt")) {
            ida.type("REGISTER", "Registered ida");
            max.type("REGISTER", "Registered max");
            max.type("SEND_MSG ida psst", "Sent", "Delivered to ida");
            ida.awaitLine("max [sealed] : psst");
            max.type("CREATE_GROUP loud", "Group loud created");
            max.type("SEND_MSG loud x", "error: NOT_A_PEER loud is a group: it has no key to encrypt with");

            // As if another one had been met under the name.
            Identity other = Identity.generate("max");
            new KnownPeers(data.resolve("i/peerlink/known_peers")).accept("max", other.publicKey());
            max.type("SEND_MSG ida still me", "Sent", "Delivered to ida");
            ida.awaitLine(
                    "max [sealed, not opened] : KEY_CHANGED the key of max is not the one remembered here; compare: "
                            + "peerlink keys show max");
            String fingerprint = fingerprint(Identity.load(data.resolve("m/peerlink"), "max"));
            ida.type("ENCRYPT on", "Encryption is on");
            ida.type(
                    "SEND_MSG max who are you",
                    "error: PEER_KEY_CHANGED the key of max is not the one remembered here; it is " + fingerprint
                            + " now");
            ida.type("KEYS max", "fingerprint " + fingerprint, "remembered another key: " + fingerprint(other));
            ida.type("ACCEPT_KEY max", "Accepted the key of max " + fingerprint);
            ida.type("SEND_MSG max good", "Sent", "Delivered to max");
            max.awaitLine("ida [sealed] : good");
            assertThat(List.of(ida.end(), max.end())).containsExactly(NOT_AUTHORISED, FAILED);
        }
        try (ShellProcess history = peerlink("i", "--id", "ida", "history", "ida~max")) {
            assertThat(history.end()).isEqualTo(OK);
            assertThat(history.output()).hasSize(3);
            assertThat(history.output().get(1)).endsWith(" max VERIFIED still me");
            assertThat(history.output().get(2)).endsWith(" ida VERIFIED good");
        }
    }

    private static String fingerprint(Identity identity) {
        return Fingerprint.of(identity.publicKey()).text();
    }

    @Test
    void oneShotCommandsSealAndOpen() {
        assertThat(exitCodeOf("one-a", "--id", "una", "register")).isEqualTo(OK);
        assertThat(exitCodeOf("one-b", "--id", "bea", "register")).isEqualTo(OK);
        assertThat(exitCodeOf("one-a", "--id", "una", "send", "bea", "--encrypt", "between", "us"))
                .isEqualTo(OK);
        try (ShellProcess listen = peerlink("one-b", "--id", "bea", "-o", "json", "listen", "--count", "1")) {
            assertThat(listen.end()).isEqualTo(OK);
            assertThat(listen.output().get(0)).contains("\"encryption\":\"VERIFIED\"", "\"text\":\"between us\"");
        }
    }

    @Test
    void whomAPeerBlocksIsNotToldItsKeys() {
        try (PeerLinkClient dan = sealing("dan");
                PeerLinkClient eve = sealing("eve")) {
            assertThat(eve.keys("dan").join().receivesSealed()).isTrue();
            dan.block("eve").join();
            assertUnknown(eve.keys("nobody-at-all"));
            assertUnknown(eve.keys("dan"));
            assertThat(dan.keys("eve").join().receivesSealed()).isTrue();
            dan.unblock("eve").join();
            assertThat(eve.keys("dan").join().receivesSealed()).isTrue();
        }
    }

    private static void assertUnknown(CompletableFuture<?> keys) {
        assertThatThrownBy(keys::join)
                .cause()
                .hasMessage("no peer has this name")
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_NAME));
    }

    @Test
    void aKeyThatWasRotatedIsAChangedOneForWhoMetTheFormer() throws IOException {
        assertThat(exitCodeOf("turn-a", "--id", "tea", "register")).isEqualTo(OK);
        assertThat(exitCodeOf("turn-b", "--id", "teo", "register")).isEqualTo(OK);
        assertThat(exitCodeOf("turn-a", "--id", "tea", "send", "teo", "--encrypt", "before"))
                .isEqualTo(OK);
        Identity before = Identity.load(data.resolve("turn-b/peerlink"), "teo");

        assertThat(exitCodeOf("turn-b", "--id", "teo", "rotate-key")).isEqualTo(OK);

        try (Stream<Path> keys = Files.list(data.resolve("turn-b/peerlink/keys"))) {
            assertThat(keys.filter(key -> key.toString().endsWith(".hpke.json")))
                    .as("one of each identity key")
                    .hasSize(2);
        }
        assertThat(exitCodeOf("turn-a", "--id", "tea", "send", "teo", "--encrypt", "x"))
                .isEqualTo(NOT_AUTHORISED);
        assertThat(exitCodeOf("turn-a", "--id", "tea", "keys", "accept", "teo", fingerprint(before)))
                .isEqualTo(NOT_AUTHORISED);
        assertThat(exitCodeOf("turn-a", "--id", "tea", "keys", "accept", "teo")).isEqualTo(OK);
        assertThat(exitCodeOf("turn-a", "--id", "tea", "send", "teo", "--encrypt", "after"))
                .isEqualTo(OK);
        try (ShellProcess listen = peerlink("turn-b", "--id", "teo", "listen", "--count", "2")) {
            assertThat(listen.end()).isEqualTo(OK);
            assertThat(listen.output()).containsExactly("tea [sealed] : before", "tea [sealed] : after");
        }
    }

    private int exitCodeOf(String directory, String... arguments) {
        try (ShellProcess process = peerlink(directory, arguments)) {
            return process.end();
        }
    }
}
