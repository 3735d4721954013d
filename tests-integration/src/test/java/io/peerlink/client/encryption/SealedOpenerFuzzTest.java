package io.peerlink.client.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.client.Encryption;
import io.peerlink.client.encryption.Opener.Source;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.KnownPeers;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.Sealed;
import io.peerlink.protocol.v1.SealedContent;
import io.peerlink.protocol.v1.SealedHeader;
import io.peerlink.protocol.v1.SealedMessage;
import io.peerlink.protocol.v1.WrappedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever stands in a sealed body, bob's client never fails over it, and shows nothing but what alice sealed for him there. The
 * first letter says what the other bytes are: {@code b} a body; {@code e} changes to a genuine one, of three bytes each (where,
 * and what to flip); {@code t} two bytes, how much of a genuine one is left, and what follows it; {@code s} what alice signs as
 * Sealed, but for the place that it names; {@code c} what alice seals as content.
 */
final class SealedOpenerFuzzTest {
    private static final String CLUSTER = "cluster-1";
    private static final String TEXT = "pay 10";
    private static final ByteString SESSION = ByteString.copyFrom(new byte[Sealer.SESSION_BYTES]);

    @TempDir
    static Path directory;

    private static final Identity ALICE = Identity.generate("alice");

    private static EncryptionKey bobKey;
    private static SealedOpener bob;
    private static ByteString genuine;

    @BeforeAll
    static void makeParties() throws GeneralSecurityException {
        EncryptionKey aliceKey = EncryptionKey.loadOrCreate(directory.resolve("a"), ALICE);
        bobKey = EncryptionKey.loadOrCreate(directory.resolve("b"), Identity.generate("bob"));
        KnownPeers peers = new KnownPeers(directory.resolve("known_peers"));
        peers.accept("alice", ALICE.publicKey());
        bob = new SealedOpener("bob", bobKey, peers, new SeenMessages(directory, "bob"), () -> CLUSTER);
        genuine =
                new Sealer(ALICE, aliceKey).seal(CLUSTER, "bob", bobKey.publicKey(), "", ByteString.copyFromUtf8(TEXT));
    }

    @FuzzTest
    void showsNothingButWhatWasSealed(byte[] input) throws IOException, GeneralSecurityException {
        if (input.length == 0) {
            return;
        }
        ByteString rest = ByteString.copyFrom(input, 1, input.length - 1);
        switch (input[0]) {
            case 'b' -> assertRefused(rest);
            case 'e' -> changed(edited(rest));
            case 't' -> changed(cut(rest));
            case 's' -> signed(rest);
            case 'c' -> content(rest);
            default -> assertThat(input).isNotEmpty();
        }
    }

    private Opened open(ByteString body) {
        Opened opened = bob.open(
                Messages.newBuilder()
                        .setConversation("alice~bob")
                        .setFirstSequence(7)
                        .setSender("alice")
                        .setContentType(Opener.SEALED)
                        .addBodies(body)
                        .build(),
                0,
                Source.DELIVERY);
        // What it says of faults of its own, and of files that it cannot use.
        assertThat(opened.encryption()).isNotIn(Encryption.NOT_OPENED, Encryption.NONE);
        return opened;
    }

    private Encryption assertRefused(ByteString body) {
        Opened opened = open(body);
        assertThat(opened.encryption().isReadable())
                .as("%s", opened.encryption())
                .isFalse();
        assertThat(opened.body()).isEqualTo(body);
        assertThat(opened.text()).isEmpty();
        assertThat(opened.again()).isFalse();
        return opened.encryption();
    }

    private ByteString edited(ByteString edits) {
        byte[] body = genuine.toByteArray();
        for (int i = 0; i + 2 < edits.size(); i += 3) {
            body[number(edits, i) % body.length] ^= edits.byteAt(i + 2);
        }
        return ByteString.copyFrom(body);
    }

    private ByteString cut(ByteString rest) {
        return rest.size() < 2
                ? genuine
                : genuine.substring(0, number(rest, 0) % (genuine.size() + 1)).concat(rest.substring(2));
    }

    private static int number(ByteString bytes, int at) {
        return ((bytes.byteAt(at) & 0xff) << Byte.SIZE) | (bytes.byteAt(at + 1) & 0xff);
    }

    /** The envelope may be written in many ways, and is not signed; what it holds is. */
    private void changed(ByteString body) throws InvalidProtocolBufferException {
        SealedMessage before = SealedMessage.parseFrom(genuine);
        SealedMessage after;
        try {
            after = SealedMessage.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            assertThat(assertRefused(body)).isEqualTo(Encryption.UNREADABLE);
            return;
        }
        if (after.getSealed().equals(before.getSealed()) && after.getSignature().equals(before.getSignature())) {
            Opened opened = open(body);
            assertThat(opened.encryption()).isEqualTo(Encryption.VERIFIED);
            assertThat(opened.text()).isEqualTo(TEXT);
        } else {
            assertRefused(body);
        }
    }

    private void signed(ByteString bytes) {
        SealedHeader.Builder header = header();
        Sealed.Builder sealed;
        try {
            sealed = Sealed.parseFrom(bytes).toBuilder();
            SealedHeader given = SealedHeader.parseFrom(sealed.getHeader());
            header.setVersion(given.getVersion()).setSession(given.getSession()).setSequence(given.getSequence());
        } catch (InvalidProtocolBufferException e) {
            assertThat(assertRefused(signedBody(bytes))).isEqualTo(Encryption.UNREADABLE);
            return;
        }
        assertRefused(signedBody(
                sealed.setHeader(header.build().toByteString()).build().toByteString()));
    }

    private void content(ByteString bytes) throws GeneralSecurityException {
        byte[] header = header().build().toByteArray();
        ContentKey key = ContentKey.random();
        byte[] wrapped = EncryptionKey.encrypt(bobKey.publicKey(), key.bytes(), Sealer.info(header, "bob"));
        ByteString body = signedBody(Sealed.newBuilder()
                .setHeader(ByteString.copyFrom(header))
                .addKeys(WrappedKey.newBuilder().setReader("bob").setWrapped(ByteString.copyFrom(wrapped)))
                .setContent(ByteString.copyFrom(key.encrypt(bytes.toByteArray(), Sealer.associated(header))))
                .build()
                .toByteString());
        SealedContent expected;
        try {
            expected = SealedContent.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            assertThat(assertRefused(body)).isEqualTo(Encryption.UNREADABLE);
            return;
        }
        String type = expected.getContentType();
        if (type.equals(Opener.SEALED)
                || type.length() > 127
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(type)
                || type.chars().anyMatch(Character::isISOControl)) {
            assertThat(assertRefused(body)).isEqualTo(Encryption.UNREADABLE);
        } else {
            Opened opened = open(body);
            assertThat(opened.encryption()).isEqualTo(Encryption.VERIFIED);
            assertThat(opened.body()).isEqualTo(expected.getBody());
            assertThat(opened.contentType()).isEqualTo(type);
        }
    }

    private SealedHeader.Builder header() {
        return SealedHeader.newBuilder()
                .setVersion(Sealer.VERSION)
                .setClusterId(CLUSTER)
                .setSender("alice")
                .setRecipient("bob")
                .setConversation("alice~bob")
                .setSession(SESSION)
                .setSequence(1)
                .setSenderKey(ByteString.copyFrom(ALICE.publicKey()));
    }

    private ByteString signedBody(ByteString sealed) {
        return SealedMessage.newBuilder()
                .setSealed(sealed)
                .setSignature(ByteString.copyFrom(ALICE.sign(Sealer.signed(sealed.toByteArray()))))
                .build()
                .toByteString();
    }
}
