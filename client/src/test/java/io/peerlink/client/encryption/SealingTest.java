package io.peerlink.client.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.peerlink.client.Encryption;
import io.peerlink.client.encryption.Opener.Source;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.KnownPeers;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.Sealed;
import io.peerlink.protocol.v1.SealedHeader;
import io.peerlink.protocol.v1.SealedMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a router, or anybody else who has the bytes, may do with a sealed message. */
final class SealingTest {
    private static final String CLUSTER = "cluster-1";

    @TempDir
    Path directory;

    private Party alice;
    private Party bob;
    private Party carol;

    /** One peer's end. */
    private static final class Party {
        final Identity identity;
        final Path directory;
        final EncryptionKey key;
        final KnownPeers peers;
        final Sealer sealer;

        Party(Path directory, Identity identity) {
            this.identity = identity;
            this.directory = directory;
            this.key = EncryptionKey.loadOrCreate(directory, identity);
            this.peers = new KnownPeers(directory.resolve("known_peers"));
            this.sealer = new Sealer(identity, key);
        }

        ByteString seal(Party to, String text) throws GeneralSecurityException {
            return sealer.seal(CLUSTER, to.identity.name(), to.key.publicKey(), "", ByteString.copyFromUtf8(text));
        }

        /** A process of its own each time: what it remembers is in files. */
        Opened open(Messages message, Source source) {
            return new SealedOpener(
                            identity.name(),
                            key,
                            new KnownPeers(directory.resolve("known_peers")),
                            new SeenMessages(directory, identity.name()),
                            () -> CLUSTER)
                    .open(message, 0, source);
        }

        Encryption delivered(Messages message) {
            return open(message, Source.DELIVERY).encryption();
        }
    }

    @BeforeEach
    void makeParties() {
        alice = new Party(directory.resolve("a"), Identity.generate("alice"));
        bob = new Party(directory.resolve("b"), Identity.generate("bob"));
        carol = new Party(directory.resolve("c"), Identity.generate("carol"));
    }

    private static Messages message(String sender, String conversation, long sequence, ByteString body) {
        return Messages.newBuilder()
                .setConversation(conversation)
                .setFirstSequence(sequence)
                .setSender(sender)
                .setContentType(Opener.SEALED)
                .addBodies(body)
                .build();
    }

    private static Messages fromAlice(long sequence, ByteString body) {
        return message("alice", "alice~bob", sequence, body);
    }

    @Test
    void recipientReadsWhatTheSenderWroteAndNobodyElse() throws Exception {
        ByteString sealed = alice.seal(bob, "the plain words");

        Opened opened = bob.open(fromAlice(7, sealed), Source.DELIVERY);

        assertThat(opened.encryption()).isEqualTo(Encryption.VERIFIED);
        assertThat(opened.text()).isEqualTo("the plain words");
        assertThat(opened.contentType()).isEmpty();
        assertThat(sealed.toStringUtf8()).doesNotContain("plain");
        assertThat(opened.again()).isFalse();
        Opened again = bob.open(fromAlice(7, sealed), Source.DELIVERY);
        assertThat(again.encryption()).as("delivered again where it was").isEqualTo(Encryption.VERIFIED);
        assertThat(again.again()).isTrue();
        assertThat(bob.open(fromAlice(7, sealed), Source.HISTORY).again()).isFalse();
        assertThat(carol.open(fromAlice(7, sealed), Source.HISTORY).encryption())
                .isEqualTo(Encryption.FORGED);
    }

    @Test
    void senderReadsItsOwnInTheHistoryButIsNotSentThem() throws Exception {
        ByteString sealed = alice.seal(bob, "mine");

        assertThat(alice.open(fromAlice(1, sealed), Source.HISTORY).text()).isEqualTo("mine");
        assertThat(alice.delivered(fromAlice(1, sealed))).isEqualTo(Encryption.FORGED);
        assertThat(alice.delivered(message("alice", "alice~alice", 1, alice.seal(alice, "to myself"))))
                .isEqualTo(Encryption.VERIFIED);
    }

    @Test
    void plainMessagesArePlainAndSealedOnesAreNotOpenedWithoutKeys() throws Exception {
        Messages plain = fromAlice(1, ByteString.copyFromUtf8("hi")).toBuilder()
                .setContentType("")
                .build();
        assertThat(bob.open(plain, Source.DELIVERY))
                .isEqualTo(new Opened(Encryption.NONE, "", plain.getBodies(0), false));
        assertThat(Opener.none().open(plain, 0, Source.DELIVERY).text()).isEqualTo("hi");
        Opened unopened = Opener.none().open(fromAlice(1, alice.seal(bob, "x")), 0, Source.DELIVERY);
        assertThat(unopened.encryption()).isEqualTo(Encryption.NOT_OPENED);
        assertThat(unopened.text()).isEmpty();
    }

    @Test
    void noticesAMessageInAnotherPlaceThanItsSendersOwn() throws Exception {
        ByteString sealed = alice.seal(bob, "x");

        assertThat(bob.delivered(message("carol", "bob~carol", 1, sealed))).isEqualTo(Encryption.FORGED);
        assertThat(bob.delivered(message("alice", "team", 1, sealed))).isEqualTo(Encryption.FORGED);
        assertThat(bob.delivered(message("alice", "alice~carol", 1, sealed))).isEqualTo(Encryption.FORGED);
        assertThat(carol.delivered(message("alice", "alice~carol", 1, sealed))).isEqualTo(Encryption.FORGED);
        Opened elsewhere = new SealedOpener(
                        "bob", bob.key, bob.peers, new SeenMessages(bob.directory, "bob"), () -> "cluster-2")
                .open(fromAlice(1, sealed), 0, Source.DELIVERY);
        assertThat(elsewhere.encryption()).isEqualTo(Encryption.FORGED);
    }

    @Test
    void noticesAReplayInTheSameConversationAlsoAfterARestart() throws Exception {
        ByteString sealed = alice.seal(bob, "pay 10");
        assertThat(bob.delivered(fromAlice(4, sealed))).isEqualTo(Encryption.VERIFIED);

        Opened replayed = bob.open(fromAlice(5, sealed), Source.DELIVERY);

        assertThat(replayed.encryption()).isEqualTo(Encryption.REPLAYED);
        assertThat(replayed.text()).isEmpty();
        assertThat(bob.delivered(fromAlice(3, sealed))).isEqualTo(Encryption.REPLAYED);
        assertThat(bob.delivered(fromAlice(5, alice.seal(bob, "pay 10"))))
                .as("the same words again are another message")
                .isEqualTo(Encryption.VERIFIED);
    }

    @Test
    void inAHistoryTheLowerPlaceIsTheOriginals() throws Exception {
        ByteString sealed = alice.seal(bob, "pay 10");
        assertThat(bob.open(fromAlice(9, sealed), Source.HISTORY).encryption()).isEqualTo(Encryption.VERIFIED);
        assertThat(bob.open(fromAlice(4, sealed), Source.HISTORY).encryption()).isEqualTo(Encryption.VERIFIED);
        assertThat(bob.open(fromAlice(9, sealed), Source.HISTORY).encryption()).isEqualTo(Encryption.REPLAYED);
    }

    @Test
    void refusesAnotherKeyUntilItIsAcceptedAndTellsTheFormerOneAfterwards() throws Exception {
        ByteString before = alice.seal(bob, "before");
        assertThat(bob.delivered(fromAlice(1, before))).isEqualTo(Encryption.VERIFIED);
        Party other = new Party(directory.resolve("a2"), Identity.generate("alice"));
        Messages message = fromAlice(2, other.seal(bob, "after"));

        assertThat(bob.open(message, Source.DELIVERY).text()).isEmpty();
        assertThat(bob.delivered(message)).isEqualTo(Encryption.KEY_CHANGED);
        bob.peers.accept("alice", other.identity.publicKey());

        assertThat(bob.open(message, Source.HISTORY).text()).isEqualTo("after");
        Opened former = bob.open(fromAlice(1, before), Source.HISTORY);
        assertThat(former.encryption()).isEqualTo(Encryption.FORMER_KEY);
        assertThat(former.text()).isEqualTo("before");
        assertThat(bob.delivered(fromAlice(1, before)))
                .as("who has the former key may be its thief")
                .isEqualTo(Encryption.KEY_CHANGED);
    }

    @Test
    void saysThatItWasSealedForAnotherKey() throws Exception {
        ByteString sealed = alice.seal(bob, "x");
        Files.delete(keyFile(bob));
        Party forgetful = new Party(bob.directory, bob.identity);
        assertThat(forgetful.delivered(fromAlice(1, sealed))).isEqualTo(Encryption.NO_KEY);
        assertThat(bob.peers.key("alice"))
                .as("nobody is remembered for a message that could not be opened")
                .isEmpty();
    }

    private static Path keyFile(Party party) throws IOException {
        try (Stream<Path> files = Files.list(party.directory.resolve("keys"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void anotherIdentityKeyGetsAnotherEncryptionKeyAndTheFormerOneOpensWhatWasSealedForIt() throws Exception {
        ByteString before = alice.seal(bob, "before");
        Files.writeString(keyFile(bob).resolveSibling("bob.x.0123456789abcdef.hpke.json"), "another peer's");
        Party after = new Party(bob.directory, Identity.generate("bob"));

        assertThat(after.key.publicKey()).isNotEqualTo(bob.key.publicKey());
        assertThat(after.open(fromAlice(1, before), Source.DELIVERY).text()).isEqualTo("before");
        assertThat(after.open(fromAlice(2, alice.seal(after, "after")), Source.DELIVERY)
                        .text())
                .isEqualTo("after");
        assertThat(bob.delivered(fromAlice(3, alice.seal(after, "not for a thief"))))
                .isEqualTo(Encryption.NO_KEY);
        assertThat(new Party(bob.directory, bob.identity).key.publicKey())
                .as("each identity key has its own")
                .isEqualTo(bob.key.publicKey());
    }

    @Test
    void noticesEveryChangedByte() throws Exception {
        ByteString sealed = alice.seal(bob, "x");
        for (int place = 0; place < sealed.size(); place++) {
            byte[] bytes = sealed.toByteArray();
            bytes[place] ^= 1;
            Opened opened = bob.open(fromAlice(1, ByteString.copyFrom(bytes)), Source.DELIVERY);
            assertThat(opened.encryption()).as("byte %s", place).isIn(Encryption.FORGED, Encryption.UNREADABLE);
            assertThat(opened.text()).isEmpty();
        }
        assertThat(bob.delivered(fromAlice(1, sealed))).isEqualTo(Encryption.VERIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\u0000", "\n\u0003abc", "not a message at all, but quite long"})
    void garbageIsUnreadable(String body) {
        assertThat(bob.delivered(fromAlice(1, ByteString.copyFromUtf8(body)))).isEqualTo(Encryption.UNREADABLE);
    }

    @Test
    void aHeaderThatIsSignedAnewDoesNotOpenTheContent() throws Exception {
        ByteString sealed = alice.seal(bob, "x");
        Opened asCarols = carolSigns(
                sealed,
                header -> header.setSender("carol")
                        .setConversation("bob~carol")
                        .setSenderKey(ByteString.copyFrom(carol.identity.publicKey())));
        assertThat(asCarols.encryption())
                .as("the wrapped key is bound to the header")
                .isEqualTo(Encryption.NO_KEY);
        assertThat(carolSigns(sealed, header -> header.setVersion(2)).encryption())
                .isEqualTo(Encryption.UNREADABLE);
    }

    @Test
    void whatWouldBloatTheListOfSeenMessagesIsUnreadable() throws Exception {
        ByteString sealed = alice.seal(bob, "x");
        for (UnaryOperator<SealedHeader.Builder> change : List.<UnaryOperator<SealedHeader.Builder>>of(
                header -> header.setSession(ByteString.copyFrom(new byte[250 << 10])),
                header -> header.clearSession(),
                header -> header.setSequence(0))) {
            Opened opened = carolSigns(
                    sealed,
                    header -> change.apply(header.setSender("carol")
                            .setConversation("bob~carol")
                            .setSenderKey(ByteString.copyFrom(carol.identity.publicKey()))));
            assertThat(opened.encryption()).isEqualTo(Encryption.UNREADABLE);
        }
        assertThat(bob.directory.resolve("seen/bob")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {Opener.SEALED, "text/\n", "text/\u00e9", "text/\u202e"})
    void contentTypesThatRoutersRefuseAreUnreadable(String contentType) throws Exception {
        assertThat(delivered(contentType).encryption()).isEqualTo(Encryption.UNREADABLE);
        assertThat(delivered("x".repeat(128)).encryption()).isEqualTo(Encryption.UNREADABLE);
        assertThat(delivered("x".repeat(127)).encryption()).isEqualTo(Encryption.VERIFIED);
    }

    private Opened delivered(String contentType) throws GeneralSecurityException {
        ByteString sealed = alice.sealer.seal(CLUSTER, "bob", bob.key.publicKey(), contentType, ByteString.EMPTY);
        return bob.open(fromAlice(1, sealed), Source.DELIVERY);
    }

    @Test
    void aRouterCannotMoveWhatItDelivered() throws Exception {
        ByteString sealed = alice.seal(bob, "pay 10");
        assertThat(bob.delivered(fromAlice(100, sealed))).isEqualTo(Encryption.VERIFIED);

        assertThat(bob.open(fromAlice(5, sealed), Source.HISTORY).encryption()).isEqualTo(Encryption.REPLAYED);
        assertThat(bob.open(fromAlice(100, sealed), Source.HISTORY).encryption())
                .isEqualTo(Encryption.VERIFIED);
    }

    private Opened carolSigns(ByteString body, UnaryOperator<SealedHeader.Builder> change) throws IOException {
        Sealed sealed = Sealed.parseFrom(SealedMessage.parseFrom(body).getSealed());
        SealedHeader.Builder header = SealedHeader.parseFrom(sealed.getHeader()).toBuilder();
        ByteString changed = sealed.toBuilder()
                .setHeader(change.apply(header).build().toByteString())
                .build()
                .toByteString();
        byte[] signed = Sealer.signed(changed.toByteArray());
        SealedMessage message = SealedMessage.newBuilder()
                .setSealed(changed)
                .setSignature(ByteString.copyFrom(carol.identity.sign(signed)))
                .build();
        return bob.open(message("carol", "bob~carol", 1, message.toByteString()), Source.DELIVERY);
    }

    @Test
    void contentOfAnotherMessageDoesNotFitTheHeader() throws Exception {
        Sealed one =
                Sealed.parseFrom(SealedMessage.parseFrom(alice.seal(bob, "one")).getSealed());
        Sealed two =
                Sealed.parseFrom(SealedMessage.parseFrom(alice.seal(bob, "two")).getSealed());
        ByteString mixed = one.toBuilder().setContent(two.getContent()).build().toByteString();
        ByteString signature = ByteString.copyFrom(alice.identity.sign(Sealer.signed(mixed.toByteArray())));
        SealedMessage message = SealedMessage.newBuilder()
                .setSealed(mixed)
                .setSignature(signature)
                .build();
        assertThat(bob.delivered(fromAlice(1, message.toByteString()))).isEqualTo(Encryption.FORGED);
    }

    @Test
    void lengthsAreSeenInStepsOnly() throws Exception {
        int shortest = alice.seal(bob, "").size();
        for (int length = 1; length < 240; length += 7) {
            assertThat(alice.seal(bob, "x".repeat(length)).size())
                    .as("%s bytes", length)
                    .isBetween(shortest, shortest + 8 + (length > 200 ? 512 : 256));
        }
        assertThat(alice.seal(bob, "x".repeat(100)).size())
                .isEqualTo(alice.seal(bob, "x".repeat(120)).size());
        assertThat(alice.seal(bob, "x".repeat(10_000)).size()).isBetween(10_000, 10_000 + EndToEnd.OVERHEAD_BYTES);
    }

    @Test
    void keyFilesAreTheirOwnersAloneAndStay() throws Exception {
        Path file = keyFile(alice);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(EncryptionKey.loadOrCreate(alice.directory, alice.identity).publicKey())
                .isEqualTo(alice.key.publicKey())
                .hasSize(32);
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> EncryptionKey.loadOrCreate(alice.directory, alice.identity))
                .hasMessageContaining("damaged");
    }

    @Test
    void bothSidesSeeTheSameSafetyNumber() {
        byte[] a = alice.identity.publicKey();
        byte[] b = bob.identity.publicKey();
        String number = SafetyNumber.of(java.util.Map.of("alice", a, "bob", b));
        assertThat(number).matches("([0-9]{5} ){11}[0-9]{5}");
        assertThat(SafetyNumber.of(java.util.Map.of("bob", b, "alice", a))).isEqualTo(number);
        assertThat(SafetyNumber.of(java.util.Map.of("bob", a, "alice", b))).isNotEqualTo(number);
    }

    @Test
    void onlyThePeerItselfPublishesForItself() {
        var request = PublishedKeys.request(alice.identity, CLUSTER, alice.key.publicKey());
        var keys = io.peerlink.protocol.v1.GetPeerKeysResponse.newBuilder()
                .setIdentityKey(ByteString.copyFrom(alice.identity.publicKey()))
                .setEncryptionKey(request.getEncryptionKey())
                .setSignature(request.getSignature())
                .build();
        assertThat(new PublishedKeys("alice", keys).isSigned(CLUSTER)).isTrue();
        assertThat(new PublishedKeys("alice", keys).isSigned("cluster-2")).isFalse();
        assertThat(new PublishedKeys("bob", keys).isSigned(CLUSTER)).isFalse();
        ByteString bobs = ByteString.copyFrom(bob.key.publicKey());
        assertThat(new PublishedKeys(
                                "alice", keys.toBuilder().setEncryptionKey(bobs).build())
                        .isSigned(CLUSTER))
                .isFalse();
    }
}
