package io.peerlink.client.session;

import com.google.protobuf.ByteString;
import io.peerlink.client.Attachment;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.SignedFields;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Hello;
import io.peerlink.protocol.v1.RotateKeyRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The first two frames of a stream: who we are, and the proof; and the proofs of a key that changes. Immutable. */
final class Handshake {
    private static final int PROTOCOL_VERSION = 1;
    private static final String PURPOSE = "peerlink-attach-v1";
    private static final String ROTATION = "peerlink-rotate-v1";
    private static final String PURPOSE_OVER_TLS = "peerlink-attach-v2";

    private final SessionSettings settings;

    Handshake(SessionSettings settings) {
        this.settings = settings;
    }

    ClientFrame hello() {
        return ClientFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setProtocolVersion(PROTOCOL_VERSION)
                        .setName(settings.identity().name())
                        .setAgent(settings.agent()))
                .build();
    }

    /** {@code router}: what it showed on this connection. */
    ClientFrame attach(Challenge challenge, Fingerprint router, long resumeIncarnation) {
        byte[] publicKey = settings.identity().publicKey();
        byte[] signed = signedBytes(challenge, settings.identity().name(), publicKey, router);
        return ClientFrame.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setPublicKey(ByteString.copyFrom(publicKey))
                        .setSignature(ByteString.copyFrom(settings.identity().sign(signed)))
                        .setRegister(settings.register())
                        .setResumeIncarnation(resumeIncarnation)
                        .setInviteCode(settings.inviteCode()))
                .build();
    }

    /** What the router's answer says, as programs see it. */
    static Attachment attachment(String peer, String address, String clusterId, Attached reply) {
        return new Attachment(
                peer,
                reply.getIncarnation(),
                reply.getRouterId(),
                address,
                reply.getTerm(),
                clusterId,
                reply.getRegistered(),
                new Attachment.Inbox(reply.getCursor(), reply.getHead()),
                new Attachment.Limits(
                        reply.getBodyBytesMax(),
                        reply.getUnsettledRequestsMax(),
                        Duration.ofMillis(reply.getTtlMsMax())),
                reply.getRouterAddressesList());
    }

    /** The proofs that a key may be replaced by another one, bound to the session that asks. */
    static RotateKeyRequest rotation(Identity old, Identity next, LiveStream session) {
        byte[] signed = SignedFields.of(
                ROTATION.getBytes(StandardCharsets.US_ASCII),
                session.clusterId().getBytes(StandardCharsets.UTF_8),
                old.name().getBytes(StandardCharsets.US_ASCII),
                session.sessionToken().getBytes(StandardCharsets.US_ASCII),
                old.publicKey(),
                next.publicKey());
        return RotateKeyRequest.newBuilder()
                .setOldPublicKey(ByteString.copyFrom(old.publicKey()))
                .setNewPublicKey(ByteString.copyFrom(next.publicKey()))
                .setOldSignature(ByteString.copyFrom(old.sign(signed)))
                .setNewSignature(ByteString.copyFrom(next.sign(signed)))
                .build();
    }

    private static byte[] signedBytes(Challenge challenge, String name, byte[] publicKey, Fingerprint router) {
        byte[] cluster = challenge.getClusterId().getBytes(StandardCharsets.UTF_8);
        byte[] peer = name.getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = challenge.getNonce().toByteArray();
        return router.equals(Fingerprint.NONE)
                ? SignedFields.of(PURPOSE.getBytes(StandardCharsets.US_ASCII), cluster, peer, nonce, publicKey)
                : SignedFields.of(
                        PURPOSE_OVER_TLS.getBytes(StandardCharsets.US_ASCII),
                        cluster,
                        peer,
                        nonce,
                        publicKey,
                        router.bytes().toByteArray());
    }
}
