package io.peerlink.server.edge;

import io.grpc.stub.ServerCallStreamObserver;
import io.peerlink.protocol.v1.RouterFrame;

/**
 * The sending side of one stream. gRPC's observer is not thread-safe, and outcomes, deliveries and errors come from different
 * threads: one lock, held only while a frame is handed to gRPC, which never blocks.
 */
final class FrameWriter {
    private final ServerCallStreamObserver<RouterFrame> observer;
    private boolean ended;

    FrameWriter(ServerCallStreamObserver<RouterFrame> observer) {
        this.observer = observer;
    }

    /** Sends a frame, unless the stream has ended. */
    synchronized void write(RouterFrame frame) {
        if (!ended && !observer.isCancelled()) {
            observer.onNext(frame);
        }
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

    /** Asks gRPC for one more frame of the client. */
    void requestNext() {
        observer.request(1);
    }

    /** Whether gRPC would send more at once instead of buffering it. */
    boolean isReady() {
        return observer.isReady();
    }
}
