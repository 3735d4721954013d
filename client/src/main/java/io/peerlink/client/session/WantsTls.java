package io.peerlink.client.session;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Finds out why a router hung up on plain text before it said a word. One that speaks TLS only does so, and one that just died;
 * the first would be tried without end. So it is asked for a TLS handshake, on a thread of its own; who shows a certificate, whatever
 * it is worth, speaks TLS. The call's end waits for that, {@value #LIMIT_MS} ms at most.
 */
final class WantsTls implements ClientInterceptor {
    private static final int LIMIT_MS = 1_000;
    /** gRPC's words for a connection that ended without an error, and before HTTP/2 began. */
    private static final String HUNG_UP = "Network closed for unknown reason";

    private final String host;
    private final int port;

    WantsTls(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** The router speaks TLS only. The cause of a call's status. */
    static final class TlsOnlyException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        // A blocking call waits for what comes by its own executor.
        Executor executor = options.getExecutor() == null ? Runnable::run : options.getExecutor();
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(new Examined<>(listener, executor), headers);
            }
        };
    }

    private final class Examined<R> extends SimpleForwardingClientCallListener<R> {
        private final Executor executor;

        private Examined(ClientCall.Listener<R> listener, Executor executor) {
            super(listener);
            this.executor = executor;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!HUNG_UP.equals(status.getDescription())) {
                delegate().onClose(status, trailers);
                return;
            }
            Thread asking = new Thread(
                    () -> {
                        Status found = speaksTls() ? status.withCause(new TlsOnlyException()) : status;
                        executor.execute(() -> delegate().onClose(found, trailers));
                    },
                    "wants-tls");
            asking.setDaemon(true);
            asking.start();
        }
    }

    private boolean speaksTls() {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), LIMIT_MS);
            plain.setSoTimeout(LIMIT_MS);
            try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true)) {
                socket.startHandshake();
                return true;
            }
        } catch (IOException e) {
            return isAboutCertificate(e);
        }
    }

    private static boolean isAboutCertificate(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof CertificateException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }
}
