package io.peerlink.client.session;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.callback.SerialLane;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.AccountsGrpc;
import io.peerlink.protocol.v1.GetHistoryRequest;
import io.peerlink.protocol.v1.GetHistoryResponse;
import io.peerlink.protocol.v1.GetPeerKeysRequest;
import io.peerlink.protocol.v1.GetPeerKeysResponse;
import io.peerlink.protocol.v1.GetStatusRequest;
import io.peerlink.protocol.v1.GetStatusResponse;
import io.peerlink.protocol.v1.ListBlockedRequest;
import io.peerlink.protocol.v1.ListBlockedResponse;
import io.peerlink.protocol.v1.ListGroupsRequest;
import io.peerlink.protocol.v1.ListGroupsResponse;
import io.peerlink.protocol.v1.ListInvitationsRequest;
import io.peerlink.protocol.v1.ListInvitationsResponse;
import io.peerlink.protocol.v1.ListMembersRequest;
import io.peerlink.protocol.v1.ListMembersResponse;
import io.peerlink.protocol.v1.ListPendingRequest;
import io.peerlink.protocol.v1.ListPendingResponse;
import io.peerlink.protocol.v1.QueriesGrpc;
import io.peerlink.protocol.v1.RotateKeyRequest;
import io.peerlink.protocol.v1.RotateKeyResponse;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls beside the stream, with its session's token. None does harm when it is done twice, so it is simply asked again, of
 * the new leader and with the new token, until the request time-out. Calls: any thread; attempts: session thread. Bound:
 * {@value #OPEN_MAX} open reads.
 */
public final class Queries {
    private static final int OPEN_MAX = 1_000;
    private static final long RETRY_NANOS = 50_000_000;
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("peerlink-session", Metadata.ASCII_STRING_MARSHALLER);
    /** What another attempt may cure. */
    private static final Set<ErrorCode> RETRIED = EnumSet.of(
            ErrorCode.NOT_LEADER,
            ErrorCode.UNAVAILABLE,
            ErrorCode.UNAUTHENTICATED,
            ErrorCode.OVERLOADED,
            ErrorCode.SHUTTING_DOWN);

    private final SessionSettings settings;
    private final SessionThread thread;
    private final Supplier<Optional<LiveStream>> stream;
    private final SerialLane completions;
    private final LongSupplier nanoTime;
    /** In the order in which they were asked. */
    private final Set<Query<?, ?>> open = Collections.synchronizedSet(new LinkedHashSet<>());

    private volatile @Nullable PeerLinkException closed;

    Queries(
            SessionSettings settings,
            SessionThread thread,
            Supplier<Optional<LiveStream>> stream,
            SerialLane completions,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.thread = thread;
        this.stream = stream;
        this.completions = completions;
        this.nanoTime = nanoTime;
    }

    /** {@code Queries.GetStatus}. */
    public CompletableFuture<GetStatusResponse> getStatus(GetStatusRequest request) {
        return ask(QueriesGrpc.getGetStatusMethod(), request);
    }

    /** {@code Queries.ListPending}. */
    public CompletableFuture<ListPendingResponse> listPending(ListPendingRequest request) {
        return ask(QueriesGrpc.getListPendingMethod(), request);
    }

    /** {@code Queries.GetHistory}. */
    public CompletableFuture<GetHistoryResponse> getHistory(GetHistoryRequest request) {
        return ask(QueriesGrpc.getGetHistoryMethod(), request);
    }

    /** {@code Queries.ListGroups}. */
    public CompletableFuture<ListGroupsResponse> listGroups(ListGroupsRequest request) {
        return ask(QueriesGrpc.getListGroupsMethod(), request);
    }

    /** {@code Queries.ListMembers}. */
    public CompletableFuture<ListMembersResponse> listMembers(ListMembersRequest request) {
        return ask(QueriesGrpc.getListMembersMethod(), request);
    }

    /** {@code Queries.ListInvitations}. */
    public CompletableFuture<ListInvitationsResponse> listInvitations(ListInvitationsRequest request) {
        return ask(QueriesGrpc.getListInvitationsMethod(), request);
    }

    /** {@code Queries.ListBlocked}. */
    public CompletableFuture<ListBlockedResponse> listBlocked(ListBlockedRequest request) {
        return ask(QueriesGrpc.getListBlockedMethod(), request);
    }

    /**
     * {@code Queries.GetPeerKeys}. Completes on the session thread, which must not wait: a send may need the answer while the
     * program's own thread, the one of the lanes, waits for that send.
     */
    public CompletableFuture<GetPeerKeysResponse> getPeerKeys(GetPeerKeysRequest request) {
        return ask(QueriesGrpc.getGetPeerKeysMethod(), live -> request, Runnable::run);
    }

    /** {@code Accounts.RotateKey}: a compare-and-set, so it too may be asked again. */
    public CompletableFuture<Void> rotateKey(Identity next) {
        return this.<RotateKeyRequest, RotateKeyResponse>ask(
                        AccountsGrpc.getRotateKeyMethod(),
                        live -> Handshake.rotation(settings.identity(), next, live),
                        completions)
                .thenApply(done -> null);
    }

    private <Q, R> CompletableFuture<R> ask(MethodDescriptor<Q, R> method, Q request) {
        return ask(method, live -> request, completions);
    }

    private <Q, R> CompletableFuture<R> ask(
            MethodDescriptor<Q, R> method, Function<LiveStream, Q> request, Executor completeOn) {
        Query<Q, R> query = new Query<>(
                method,
                request,
                nanoTime.getAsLong() + settings.requestTimeout().toNanos(),
                completeOn);
        if (open.size() >= OPEN_MAX) {
            query.fail(new PeerLinkException(ErrorCode.WINDOW_FULL, "too many queries are open", "", true));
            return query.future;
        }
        open.add(query);
        // After the add: whoever closes either sees the query or is seen here.
        PeerLinkException end = closed;
        if (end != null) {
            query.fail(end);
        } else {
            thread.execute(query::attempt);
        }
        return query.future;
    }

    /** A new leader: what waits is asked of it. */
    void retryAll() {
        List.copyOf(open).forEach(Query::attempt);
    }

    /** Fails what is overdue. */
    void expire() {
        long now = nanoTime.getAsLong();
        for (Query<?, ?> query : List.copyOf(open)) {
            if (now - query.deadlineNanos >= 0) {
                query.fail(query.lastError);
            }
        }
    }

    void close(PeerLinkException error) {
        closed = error;
        List.copyOf(open).forEach(query -> query.fail(error));
    }

    private final class Query<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private final Function<LiveStream, Q> request;
        private final long deadlineNanos;
        private final Executor completeOn;
        private final CompletableFuture<R> future = new CompletableFuture<>();
        private PeerLinkException lastError = new PeerLinkException(
                ErrorCode.UNAVAILABLE, "no leader answered within the request time-out", "Try again later.", true);
        private boolean underWay;

        Query(MethodDescriptor<Q, R> method, Function<LiveStream, Q> request, long deadlineNanos, Executor completeOn) {
            this.method = method;
            this.request = request;
            this.deadlineNanos = deadlineNanos;
            this.completeOn = completeOn;
        }

        /** Asks the present leader; without one it waits for {@link #retryAll}. */
        private void attempt() {
            Optional<LiveStream> live = stream.get();
            if (underWay || live.isEmpty() || !open.contains(this)) {
                return;
            }
            underWay = true;
            Metadata headers = new Metadata();
            headers.put(TOKEN, live.get().sessionToken());
            ClientCall<Q, R> call = ClientInterceptors.intercept(
                            live.get().connection().channel(), MetadataUtils.newAttachHeadersInterceptor(headers))
                    .newCall(
                            method,
                            CallOptions.DEFAULT.withDeadlineAfter(
                                    Math.max(1, deadlineNanos - nanoTime.getAsLong()), TimeUnit.NANOSECONDS));
            ClientCalls.asyncUnaryCall(call, request.apply(live.get()), new Answer());
        }

        private void answered(@Nullable R answer, @Nullable Throwable failure) {
            underWay = false;
            if (failure == null && answer != null) {
                if (open.remove(this)) {
                    completeOn.execute(() -> future.complete(answer));
                }
                return;
            }
            lastError = failure == null
                    ? new PeerLinkException(ErrorCode.INTERNAL, "an empty answer", "", true)
                    : ErrorMapper.of(failure);
            if (RETRIED.contains(lastError.code())) {
                thread.schedule(RETRY_NANOS, this::attempt);
            } else {
                fail(lastError);
            }
        }

        private void fail(PeerLinkException error) {
            open.remove(this);
            completeOn.execute(() -> future.completeExceptionally(error));
        }

        private final class Answer implements StreamObserver<R> {
            private @Nullable R answer;

            @Override
            public void onNext(R value) {
                answer = value;
            }

            @Override
            public void onError(Throwable failure) {
                thread.execute(() -> answered(null, failure));
            }

            @Override
            public void onCompleted() {
                thread.execute(() -> answered(answer, null));
            }
        }
    }
}
