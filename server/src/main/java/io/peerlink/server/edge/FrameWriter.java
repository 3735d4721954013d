package io.peerlink.server.edge;

import io.grpc.stub.ServerCallStreamObserver;
import io.peerlink.protocol.v1.Ping;
import io.peerlink.protocol.v1.Pong;
import io.peerlink.protocol.v1.RouterFrame;

/**
 * The sending side of one stream. gRPC's observer is not thread-safe, and outcomes, deliveries and errors come from different
 * threads: one lock, held only while a frame is handed to gRPC, which never blocks.
 */
final class FrameWriter {
    private final ServerCallStreamObserver<RouterFrame> observer;
    private boolean ended;
    private boolean readWaits;

    FrameWriter(ServerCallStreamObserver<RouterFrame> observer) {
        this.observer = observer;
    }

    /** Sends a frame, unless the stream has ended. */
    synchronized void write(RouterFrame frame) {
        if (!ended && !observer.isCancelled()) {
            observer.onNext(frame);
        }
    }

    /** Answers a ping. */
    void pong(Ping ping) {
        write(RouterFrame.newBuilder()
                .setPong(Pong.newBuilder().setNonce(ping.getNonce()))
                .build());
    }

    /** Sends a last frame and ends the stream; only the first call does anything. */
    synchronized void end(RouterFrame lastFrame) {
        write(lastFrame);
        end();
    }

    /** Ends the stream; only the first call does anything. */
    synchronized void end() {
        if (!ended) {
            ended = true;
            if (!observer.isCancelled()) {
                observer.onCompleted();
            }
        }
    }

    /**
     * Asks for one more frame of the client, once the client has taken what it was sent: who does not read answers is not
     * read from, so nothing piles up here.
     */
    synchronized void requestNext() {
        if (observer.isReady()) {
            observer.request(1);
        } else {
            readWaits = true;
        }
    }

    /** The transport takes more again. */
    synchronized void onReady() {
        if (readWaits) {
            readWaits = false;
            observer.request(1);
        }
    }

    /** Whether gRPC would send more at once instead of buffering it. */
    boolean isReady() {
        return observer.isReady();
    }
}
