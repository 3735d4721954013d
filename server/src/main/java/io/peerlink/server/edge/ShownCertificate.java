package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import javax.net.ssl.SSLSession;

/**
 * Tells a stream which certificate its connection was shown, for the proof to be bound to it: who stands between a client and
 * the router cannot pass a proof on, as it shows another one. After a new certificate old connections keep theirs.
 */
final class ShownCertificate implements ServerInterceptor {
    private static final Context.Key<ByteString> CONTEXT =
            Context.keyWithDefault("peerlink-certificate", ByteString.EMPTY);

    /** SHA-256 of the certificate that the call being handled was shown; empty without TLS. */
    static ByteString current() {
        return CONTEXT.get();
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return next.startCall(call, headers);
        }
        Certificate[] shown = session.getLocalCertificates();
        if (shown == null || shown.length == 0) {
            call.close(Status.INTERNAL.withDescription("no certificate was shown here"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(CONTEXT, fingerprint(shown[0])), call, headers, next);
    }

    private static ByteString fingerprint(Certificate certificate) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a certificate in use has no encoding", e);
        }
    }
}
