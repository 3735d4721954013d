package io.peerlink.client.session;

import com.google.protobuf.ByteString;
import io.peerlink.client.Attachment;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.SignedFields;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Hello;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The first two frames of a stream: who we are, and the proof. Immutable. */
final class Handshake {
    private static final int PROTOCOL_VERSION = 1;
    private static final String PURPOSE = "peerlink-attach-v1";
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
                        .setResumeIncarnation(resumeIncarnation))
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

    private static byte[] signedBytes(Challenge challenge, String name, byte[] publicKey, Fingerprint router) {
        boolean tls = !router.equals(Fingerprint.NONE);
        List<byte[]> fields = new ArrayList<>(List.of(
                challenge.getClusterId().getBytes(StandardCharsets.UTF_8),
                name.getBytes(StandardCharsets.US_ASCII),
                challenge.getNonce().toByteArray(),
                publicKey));
        if (tls) {
            fields.add(router.bytes().toByteArray());
        }
        return SignedFields.of(tls ? PURPOSE_OVER_TLS : PURPOSE, fields);
    }
}
