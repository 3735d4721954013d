package io.peerlink.client.session;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.RouterGrpc;
import org.jspecify.annotations.Nullable;

/**
 * One session stream on a channel of its own. A channel per stream because gRPC's channels pace their reconnects by
 * themselves, up to minutes; here the search does that.
 *
 * <p>Threads: methods and events on the session thread; frames come in on the network thread, which notes the time and hands
 * them over. Bound: {@value #FRAMES_AHEAD} frames handed over and not yet processed; then flow control stops the router.
 */
final class Connection {
    private static final int FRAMES_AHEAD = 32;

    /** What a connection tells its owner, on the session thread; nothing after {@link #close}. */
    interface Events {
        /** A frame came in. */
        void onFrame(Connection connection, RouterFrame frame);

        /** The stream takes frames again. */
        void onReady(Connection connection);

        /** The stream ended. The last event. */
        void onEnd(Connection connection, PeerLinkException why);
    }

    private final String address;
    private final SessionThread thread;
    private final Platform platform;
    private final ManagedChannel channel;
    private final ClientCall<ClientFrame, RouterFrame> call;
    private final Stream stream = new Stream();
    private volatile long heardNanos;
    private volatile long heardMillis;
    private Events events;
    private boolean finished;
    private boolean closed;

    Connection(String address, SessionThread thread, Events events, Platform platform) {
        this.address = address;
        this.thread = thread;
        this.events = events;
        this.platform = platform;
        this.channel = platform.channels().apply(address);
        this.call = channel.newCall(RouterGrpc.getSessionMethod(), CallOptions.DEFAULT);
        noteHeard();
    }

    /** Opens the stream and says {@code hello}. */
    void open(ClientFrame hello) {
        ClientCalls.asyncBidiStreamingCall(call, stream);
        send(hello);
    }

    /** From now on {@code owner} hears the events. */
    void handTo(Events owner) {
        events = owner;
    }

    String address() {
        return address;
    }

    /** The certificate that the router showed; only after a frame came in. */
    Fingerprint certificate() {
        return Fingerprint.shownIn(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    }

    /** For unary calls beside the stream; they end with it. */
    ManagedChannel channel() {
        return channel;
    }

    private void noteHeard() {
        heardNanos = platform.nanoTime().getAsLong();
        heardMillis = platform.wallClock().millis();
    }

    /** When the last frame came in, in the platform's nanoseconds. */
    long heardNanos() {
        return heardNanos;
    }

    /** When the last frame came in, milliseconds since 1970. Any thread. */
    long heardMillis() {
        return heardMillis;
    }

    boolean isReady() {
        ClientCallStreamObserver<ClientFrame> requests = stream.requests;
        return !closed && !finished && requests != null && requests.isReady();
    }

    void send(ClientFrame frame) {
        ClientCallStreamObserver<ClientFrame> requests = stream.requests;
        if (closed || finished || requests == null) {
            return;
        }
        try {
            requests.onNext(frame);
        } catch (IllegalStateException e) {
            // The call has ended; its end is on the way to the session thread.
            requests.cancel("ended", e);
        }
    }

    /** No more frames from here; those of the router still come. */
    void finish() {
        ClientCallStreamObserver<ClientFrame> requests = stream.requests;
        if (!closed && !finished && requests != null) {
            finished = true;
            try {
                requests.onCompleted();
            } catch (IllegalStateException e) {
                // As in send: the call has ended.
                requests.cancel("ended", e);
            }
        }
    }

    /** Drops the stream and the channel without a word to the router. Idempotent. */
    void close() {
        if (!closed) {
            closed = true;
            ClientCallStreamObserver<ClientFrame> requests = stream.requests;
            if (requests != null) {
                requests.cancel("closed", null);
            }
            channel.shutdownNow();
        }
    }

    private void deliver(RouterFrame frame) {
        if (!closed) {
            events.onFrame(this, frame);
            ClientCallStreamObserver<ClientFrame> requests = stream.requests;
            if (requests != null) {
                requests.request(1);
            }
        }
    }

    private void end(PeerLinkException why) {
        if (!closed) {
            close();
            events.onEnd(this, why);
        }
    }

    /** The network thread's side. */
    private final class Stream implements ClientResponseObserver<ClientFrame, RouterFrame> {
        private volatile @Nullable ClientCallStreamObserver<ClientFrame> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<ClientFrame> requestStream) {
            requestStream.disableAutoRequestWithInitial(FRAMES_AHEAD);
            requestStream.setOnReadyHandler(() -> thread.execute(() -> {
                if (!closed) {
                    events.onReady(Connection.this);
                }
            }));
            requests = requestStream;
        }

        @Override
        public void onNext(RouterFrame frame) {
            noteHeard();
            thread.execute(() -> deliver(frame));
        }

        @Override
        public void onError(Throwable failure) {
            thread.execute(() -> end(ErrorMapper.of(failure)));
        }

        @Override
        public void onCompleted() {
            thread.execute(
                    () -> end(new PeerLinkException(ErrorCode.UNAVAILABLE, "the router ended the stream", "", true)));
        }
    }
}
