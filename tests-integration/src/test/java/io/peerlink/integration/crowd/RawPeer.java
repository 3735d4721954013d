package io.peerlink.integration.crowd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.cluster.Frames;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.RouterGrpc;

/**
 * One session stream without the library: proves who it is, registers its name if need be, and hands on what comes. All callbacks on
 * the channel's network thread; what is sent from elsewhere must not meet them.
 */
final class RawPeer implements ClientResponseObserver<ClientFrame, RouterFrame> {
    private final Identity identity;
    private final Events events;
    private final ClientCall<ClientFrame, RouterFrame> call;
    private ClientCallStreamObserver<ClientFrame> out;
    private volatile boolean reading = true;
    /** What the router said last, if it said why the stream ends; an error may also be about one frame alone. */
    private String ended = "";

    /** What becomes of it. */
    interface Events {
        void attached(RawPeer peer, Attached attached);

        /** A frame after that. */
        void frame(RawPeer peer, RouterFrame frame);

        /** The connection takes more, also if it did before. */
        default void ready(RawPeer peer) {}

        /** It is over; {@code how}: a code of the router's, or of gRPC's. */
        void ended(String how);
    }

    @SuppressWarnings("NullAway.Init") // gRPC calls beforeStart first of all
    private RawPeer(Channel channel, Identity identity, Events events) {
        this.identity = identity;
        this.events = events;
        this.call = channel.newCall(RouterGrpc.getSessionMethod(), CallOptions.DEFAULT);
    }

    /** Says Hello; the rest comes to the events. */
    static RawPeer open(Channel channel, Identity identity, Events events) {
        RawPeer peer = new RawPeer(channel, identity, events);
        ClientCalls.asyncBidiStreamingCall(peer.call, peer);
        peer.send(Frames.hello(identity.name()));
        return peer;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ClientFrame> stream) {
        out = stream;
        stream.disableAutoRequestWithInitial(1);
        stream.setOnReadyHandler(() -> events.ready(this));
    }

    @Override
    public void onNext(RouterFrame frame) {
        switch (frame.getKindCase()) {
            case CHALLENGE -> {
                Fingerprint shown = Fingerprint.shownIn(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
                send(Frames.frame(Frames.attach(identity, frame.getChallenge(), shown.bytes())));
            }
            case ATTACHED -> events.attached(this, frame.getAttached());
            case ERROR -> ended = frame.getError().getCode().name();
            case GOING_AWAY -> ended = "GOING_AWAY";
            default -> events.frame(this, frame);
        }
        if (reading) {
            out.request(1);
        }
    }

    /** From now on nothing more is read from the connection. */
    void stopReading() {
        reading = false;
    }

    void send(ClientFrame frame) {
        out.onNext(frame);
    }

    boolean isReady() {
        return out.isReady();
    }

    /** Says that no more will come. */
    void complete() {
        out.onCompleted();
    }

    @Override
    public void onError(Throwable failure) {
        events.ended(ended.isEmpty() ? Status.fromThrowable(failure).getCode().name() : ended);
    }

    @Override
    public void onCompleted() {
        events.ended(ended.isEmpty() ? "COMPLETED" : ended);
    }
}
