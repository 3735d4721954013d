package io.peerlink.client.admin;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.SignedFields;
import io.peerlink.protocol.v1.AdministrationGrpc;
import io.peerlink.protocol.v1.GetChallengeRequest;
import io.peerlink.protocol.v1.GetChallengeResponse;
import io.peerlink.protocol.v1.OperatorProof;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Proves to a router that an operator calls: see {@code OperatorProof} in cluster.proto. For one call on one channel. */
final class OperatorProofs implements ClientInterceptor {
    private static final String PURPOSE = "peerlink-operator-v1";
    private static final Metadata.Key<byte[]> METADATA =
            Metadata.Key.of("peerlink-operator-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final Identity operator;
    private final GetChallengeResponse challenge;
    private final ByteString certificate;

    private OperatorProofs(Identity operator, GetChallengeResponse challenge, ByteString certificate) {
        this.operator = operator;
        this.challenge = challenge;
        this.certificate = certificate;
    }

    /** Asks the router for a challenge; blocks. What it returns proves the next call on this channel. */
    static OperatorProofs challenged(Identity operator, Channel channel, Duration timeout) {
        AtomicReference<@Nullable SSLSession> shown = new AtomicReference<>();
        GetChallengeResponse challenge = AdministrationGrpc.newBlockingStub(channel)
                .withInterceptors(new Certificates(shown))
                .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .getChallenge(GetChallengeRequest.getDefaultInstance());
        return new OperatorProofs(
                operator, challenge, Fingerprint.shownIn(shown.get()).bytes());
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new Proven<>(method, next.newCall(method, options));
    }

    private byte[] proof(String method, byte[] request) {
        byte[] signed = SignedFields.of(
                PURPOSE.getBytes(StandardCharsets.US_ASCII),
                challenge.getClusterId().getBytes(StandardCharsets.UTF_8),
                challenge.getRouterId().getBytes(StandardCharsets.UTF_8),
                method.getBytes(StandardCharsets.US_ASCII),
                challenge.getNonce().toByteArray(),
                sha256(request),
                certificate.toByteArray());
        return OperatorProof.newBuilder()
                .setPublicKey(ByteString.copyFrom(operator.publicKey()))
                .setNonce(challenge.getNonce())
                .setSignature(ByteString.copyFrom(operator.sign(signed)))
                .build()
                .toByteArray();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Starts only when the request is known, which the proof covers. Used by one thread at a time, as every call. */
    private final class Proven<Q, R> extends SimpleForwardingClientCall<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private @Nullable Listener<R> listener;
        private Metadata headers = new Metadata();
        private int requested;

        private Proven(MethodDescriptor<Q, R> method, ClientCall<Q, R> call) {
            super(call);
            this.method = method;
        }

        @Override
        public void start(Listener<R> responses, Metadata metadata) {
            listener = responses;
            headers = metadata;
        }

        @Override
        public void request(int messages) {
            if (listener == null) {
                super.request(messages);
            } else {
                requested += messages;
            }
        }

        @Override
        public void sendMessage(Q message) {
            Listener<R> responses = listener;
            if (responses != null) {
                listener = null;
                headers.put(METADATA, proof(method.getFullMethodName(), ((MessageLite) message).toByteArray()));
                super.start(responses, headers);
                super.request(requested);
            }
            super.sendMessage(message);
        }
    }

    /** Notes the TLS session of the connection that a call took. */
    private static final class Certificates implements ClientInterceptor {
        private final AtomicReference<@Nullable SSLSession> shown;

        private Certificates(AtomicReference<@Nullable SSLSession> shown) {
            this.shown = shown;
        }

        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> responses, Metadata headers) {
                    ClientCall<Q, R> call = delegate();
                    super.start(
                            new SimpleForwardingClientCallListener<>(responses) {
                                @Override
                                public void onHeaders(Metadata answered) {
                                    shown.set(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
                                    super.onHeaders(answered);
                                }
                            },
                            headers);
                }
            };
        }
    }
}
