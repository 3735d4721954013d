package io.peerlink.client.encryption;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.SignedFields;
import io.peerlink.protocol.v1.Sealed;
import io.peerlink.protocol.v1.SealedContent;
import io.peerlink.protocol.v1.SealedHeader;
import io.peerlink.protocol.v1.SealedMessage;
import io.peerlink.protocol.v1.WrappedKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Seals one client's messages. Thread-safe. */
final class Sealer {
    static final int VERSION = 1;
    static final String PURPOSE_CONTENT = "peerlink-sealed-content-v1";
    static final String PURPOSE_KEY = "peerlink-sealed-key-v1";
    static final String PURPOSE_SIGNATURE = "peerlink-sealed-v1";

    static final int SESSION_BYTES = 16;

    private static final int CONTENT_STEP_BYTES = 256;
    private static final int CONTENT_TYPE_LENGTH_MAX = 127;

    private final Identity identity;
    private final EncryptionKey own;
    private final ByteString session;
    private final AtomicLong sequence = new AtomicLong();

    Sealer(Identity identity, EncryptionKey own) {
        this.identity = identity;
        this.own = own;
        byte[] random = new byte[SESSION_BYTES];
        new SecureRandom().nextBytes(random);
        this.session = ByteString.copyFrom(random);
    }

    /**
     * The body of a sealed message; each call gives another one.
     *
     * @param recipientKey what the recipient published to encrypt with
     * @param contentType as in {@code Send}
     * @throws GeneralSecurityException if that is no key
     */
    ByteString seal(String cluster, String recipient, byte[] recipientKey, String contentType, ByteString body)
            throws GeneralSecurityException {
        byte[] header = SealedHeader.newBuilder()
                .setVersion(VERSION)
                .setClusterId(cluster)
                .setSender(identity.name())
                .setRecipient(recipient)
                .setConversation(conversation(identity.name(), recipient))
                .setSession(session)
                .setSequence(sequence.incrementAndGet())
                .setSenderKey(ByteString.copyFrom(identity.publicKey()))
                .build()
                .toByteArray();
        ContentKey key = ContentKey.random();
        Sealed.Builder sealed = Sealed.newBuilder().setHeader(ByteString.copyFrom(header));
        Map<String, byte[]> readers = new TreeMap<>(Map.of(recipient, recipientKey));
        readers.put(identity.name(), own.publicKey());
        for (Map.Entry<String, byte[]> reader : readers.entrySet()) {
            byte[] wrapped = EncryptionKey.encrypt(reader.getValue(), key.bytes(), info(header, reader.getKey()));
            sealed.addKeys(WrappedKey.newBuilder().setReader(reader.getKey()).setWrapped(ByteString.copyFrom(wrapped)));
        }
        byte[] content = key.encrypt(padded(contentType, body).toByteArray(), associated(header));
        byte[] bytes = sealed.setContent(ByteString.copyFrom(content)).build().toByteArray();
        return SealedMessage.newBuilder()
                .setSealed(ByteString.copyFrom(bytes))
                .setSignature(ByteString.copyFrom(identity.sign(signed(bytes))))
                .build()
                .toByteString();
    }

    /** Of what length a text is should not be seen to the byte. */
    private static SealedContent padded(String contentType, ByteString body) {
        SealedContent content = SealedContent.newBuilder()
                .setContentType(contentType)
                .setBody(body)
                .build();
        int size = content.getSerializedSize();
        int padding = 0;
        while ((size + encoded(padding)) % CONTENT_STEP_BYTES != 0) {
            padding++;
        }
        return content.toBuilder()
                .setPadding(ByteString.copyFrom(new byte[padding]))
                .build();
    }

    /** Bytes that the padding takes with its tag and its length; an empty one is left out. */
    private static int encoded(int padding) {
        return padding == 0 ? 0 : 1 + CodedOutputStream.computeUInt32SizeNoTag(padding) + padding;
    }

    /** As routers want it of a plain message; and a sealed message's content is no sealed message. */
    static boolean isContentType(String text) {
        return text.length() <= CONTENT_TYPE_LENGTH_MAX
                && text.chars().allMatch(c -> c >= ' ' && c <= '~')
                && !text.equals(Opener.SEALED);
    }

    static byte[] associated(byte[] header) {
        return SignedFields.of(ascii(PURPOSE_CONTENT), header);
    }

    static byte[] info(byte[] header, String reader) {
        return SignedFields.of(ascii(PURPOSE_KEY), header, ascii(reader));
    }

    static byte[] signed(byte[] sealed) {
        return SignedFields.of(ascii(PURPOSE_SIGNATURE), sealed);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** As routers name a pair's conversation. */
    static String conversation(String one, String other) {
        return one.compareTo(other) <= 0 ? one + "~" + other : other + "~" + one;
    }
}
