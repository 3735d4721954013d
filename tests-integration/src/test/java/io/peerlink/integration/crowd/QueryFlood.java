package io.peerlink.integration.crowd;

import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.GetHistoryRequest;
import io.peerlink.protocol.v1.GetStatusRequest;
import io.peerlink.protocol.v1.ListPendingRequest;
import io.peerlink.protocol.v1.QueriesGrpc;
import io.peerlink.protocol.v1.QueriesGrpc.QueriesStub;
import io.peerlink.protocol.v1.RouterFrame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A session that asks for history, for what waits, and for a message's status, as many at once as a connection takes. */
final class QueryFlood implements RawPeer.Events {
    private static final int AT_ONCE = 90;
    private static final int PAGE = 1_000;
    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("peerlink-session", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel channel;
    private final Identity identity;
    private final Tally tally;
    /** Of the session that is attached now, if one is. */
    private volatile @Nullable QueriesStub current;

    QueryFlood(Channel channel, Identity identity, Tally tally) {
        this.channel = channel;
        this.identity = identity;
        this.tally = tally;
    }

    void start() {
        RawPeer unused = RawPeer.open(channel, identity, this);
    }

    @Override
    public void attached(RawPeer peer, Attached now) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, now.getSessionToken());
        QueriesStub queries =
                QueriesGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        current = queries;
        for (int i = 0; i < AT_ONCE; i++) {
            ask(queries, i);
        }
    }

    private void ask(QueriesStub queries, int number) {
        tally.asked(1);
        String own = identity.name() + "~" + identity.name();
        switch (number % 3) {
            case 0 ->
                queries.getHistory(
                        GetHistoryRequest.newBuilder()
                                .setConversation(own)
                                .setPageSize(PAGE)
                                .build(),
                        new Next<>(queries, number));
            case 1 ->
                queries.listPending(
                        ListPendingRequest.newBuilder().setPageSize(PAGE).build(), new Next<>(queries, number));
            default ->
                queries.getStatus(
                        GetStatusRequest.newBuilder()
                                .setConversation(own)
                                .setSequence(1)
                                .build(),
                        new Next<>(queries, number));
        }
    }

    /** Takes an answer and asks the next question. */
    private final class Next<T> implements StreamObserver<T> {
        private final QueriesStub queries;
        private final int number;

        private Next(QueriesStub queries, int number) {
            this.queries = queries;
            this.number = number;
        }

        @Override
        public void onNext(T answer) {
            tally.outcome("ANSWERED", 1);
        }

        @Override
        public void onError(Throwable failure) {
            tally.outcome(Status.fromThrowable(failure).getCode().name(), 1);
            // Refused at once, it would call this again and again, deeper and deeper.
            SOON.execute(this::goOn);
        }

        @Override
        public void onCompleted() {
            goOn();
        }

        private void goOn() {
            if (isCurrent(queries)) {
                ask(queries, number + 1);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // each session has stubs of its own
    private boolean isCurrent(QueriesStub queries) {
        return queries == current;
    }

    @Override
    public void frame(RawPeer peer, RouterFrame frame) {
        // Nothing that matters here.
    }

    @Override
    public void ended(String how) {
        current = null;
        tally.ended(how);
        SOON.execute(this::start);
    }
}
