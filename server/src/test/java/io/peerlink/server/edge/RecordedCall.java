package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Whoever called a router in a test: takes everything at once and remembers it. Any thread. */
final class RecordedCall<T> extends ServerCallStreamObserver<T> {
    final List<T> sent = new CopyOnWriteArrayList<>();
    /** How many messages the router asked for. */
    final AtomicInteger requested = new AtomicInteger();

    final CompletableFuture<Void> ended = new CompletableFuture<>();

    Throwable failure() {
        assertThat(ended).isCompletedExceptionally();
        return ended.handle((nothing, failure) -> failure).join();
    }

    @Override
    public void onNext(T message) {
        sent.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        ended.complete(null);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setOnCloseHandler(Runnable handler) {}

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {
        requested.addAndGet(count);
    }
}
