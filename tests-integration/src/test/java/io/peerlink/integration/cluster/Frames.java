package io.peerlink.integration.cluster;

import com.google.protobuf.ByteString;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.CreateGroup;
import io.peerlink.protocol.v1.Credit;
import io.peerlink.protocol.v1.CursorAck;
import io.peerlink.protocol.v1.Hello;
import io.peerlink.protocol.v1.JoinGroup;
import io.peerlink.protocol.v1.MarkRead;
import io.peerlink.protocol.v1.Ping;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.Send;
import io.peerlink.protocol.v1.Subscribe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Frames of the public protocol, good and bad, made by hand. */
public final class Frames {
    private Frames() {}

    public static ClientFrame hello(String name) {
        return ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().setProtocolVersion(1).setName(name).setAgent("raw"))
                .build();
    }

    /** An honest Attach of {@code who} for the name it was challenged as. */
    public static Attach.Builder attach(Identity who, Challenge challenge) {
        return attach(who, challenge, ByteString.EMPTY);
    }

    /** As {@link #attach(Identity, Challenge)}, over TLS: bound to a certificate's SHA-256. */
    public static Attach.Builder attach(Identity who, Challenge challenge, ByteString certificate) {
        ByteString key = ByteString.copyFrom(who.publicKey());
        byte[] signed = signedBytes(challenge, who.name(), key, certificate);
        return Attach.newBuilder()
                .setPublicKey(key)
                .setSignature(ByteString.copyFrom(who.sign(signed)))
                .setRegister(true);
    }

    private static byte[] signedBytes(Challenge challenge, String name, ByteString key, ByteString certificate) {
        boolean tls = !certificate.isEmpty();
        List<ByteString> fields = new ArrayList<>(List.of(
                ByteString.copyFromUtf8(tls ? "peerlink-attach-v2" : "peerlink-attach-v1"),
                ByteString.copyFrom(challenge.getClusterId(), StandardCharsets.UTF_8),
                ByteString.copyFrom(name, StandardCharsets.UTF_8),
                challenge.getNonce(),
                key));
        if (tls) {
            fields.add(certificate);
        }
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        fields.forEach(field -> bytes.putInt(field.size()).put(field.toByteArray()));
        byte[] result = new byte[bytes.position()];
        bytes.flip().get(result);
        return result;
    }

    public static ClientFrame frame(Attach.Builder attach) {
        return ClientFrame.newBuilder().setAttach(attach).build();
    }

    public static ClientFrame requests(long first, Request... requests) {
        return requests(first, 1, List.of(requests));
    }

    public static ClientFrame requests(long first, long lowestUnsettled, List<Request> requests) {
        return ClientFrame.newBuilder()
                .setRequests(Requests.newBuilder()
                        .setFirstSequence(first)
                        .setLowestUnsettled(lowestUnsettled)
                        .addAllRequests(requests))
                .build();
    }

    public static Request send(String to, String text) {
        return Request.newBuilder()
                .setSend(Send.newBuilder().setTo(to).addBodies(ByteString.copyFromUtf8(text)))
                .build();
    }

    static Request send(String to, int bodyBytes) {
        return Request.newBuilder()
                .setSend(Send.newBuilder().setTo(to).addBodies(ByteString.copyFrom(new byte[bodyBytes])))
                .build();
    }

    public static Request createGroup(String group) {
        return Request.newBuilder()
                .setCreateGroup(CreateGroup.newBuilder().setGroup(group))
                .build();
    }

    public static Request markRead(String conversation, long upTo) {
        return Request.newBuilder()
                .setMarkRead(MarkRead.newBuilder().setConversation(conversation).setUpToSequence(upTo))
                .build();
    }

    public static Request joinGroup(String group) {
        return Request.newBuilder()
                .setJoinGroup(JoinGroup.newBuilder().setGroup(group))
                .build();
    }

    public static ClientFrame subscribe(int credit) {
        return ClientFrame.newBuilder()
                .setSubscribe(Subscribe.newBuilder().setCredit(credit))
                .build();
    }

    static ClientFrame credit(int deliveries) {
        return ClientFrame.newBuilder()
                .setCredit(Credit.newBuilder().setDeliveries(deliveries))
                .build();
    }

    static ClientFrame ack(long inboxSequence) {
        return ClientFrame.newBuilder()
                .setCursorAck(CursorAck.newBuilder().setInboxSequence(inboxSequence))
                .build();
    }

    public static ClientFrame ping(long nonce) {
        return ClientFrame.newBuilder()
                .setPing(Ping.newBuilder().setNonce(nonce))
                .build();
    }
}
