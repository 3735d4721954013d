package io.peerlink.server.edge;

import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** Ends a unary call. */
final class Answer {
    private Answer() {}

    /** Sends the answer, or the failure as the status of the call. */
    static <T> void send(StreamObserver<T> response, @Nullable T answer, @Nullable Throwable failure) {
        if (answer != null) {
            response.onNext(answer);
            response.onCompleted();
        } else {
            response.onError(ErrorMapper.exception(
                    failure == null ? new IllegalStateException("no answer and no failure") : failure));
        }
    }
}
