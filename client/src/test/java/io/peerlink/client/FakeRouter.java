package io.peerlink.client;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.GetPeerKeysRequest;
import io.peerlink.protocol.v1.GetPeerKeysResponse;
import io.peerlink.protocol.v1.GetRouterRequest;
import io.peerlink.protocol.v1.GetRouterResponse;
import io.peerlink.protocol.v1.ListGroupsRequest;
import io.peerlink.protocol.v1.ListGroupsResponse;
import io.peerlink.protocol.v1.PublishKeys;
import io.peerlink.protocol.v1.QueriesGrpc;
import io.peerlink.protocol.v1.RouterGrpc;
import io.peerlink.protocol.v1.RouterRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A router over a real socket whose behaviour a test scripts. Its knobs may be turned at any time. */
final class FakeRouter implements AutoCloseable {
    private static final Context.Key<String> TOKEN = Context.key("token");

    final FakeCluster cluster;
    final String id;
    final List<ClientFrame> frames = new CopyOnWriteArrayList<>();
    final List<FakeStream> streams = new CopyOnWriteArrayList<>();
    final List<String> queryTokens = new CopyOnWriteArrayList<>();
    final List<String> keyQuestions = new CopyOnWriteArrayList<>();
    final RouterGrpc.RouterImplBase service;
    volatile boolean leader = true;
    /** Takes everything, answers nothing: a stopped process whose sockets stay open. */
    volatile boolean frozen;
    /** Carries requests out but keeps the outcomes to itself. */
    volatile boolean mute;
    /** Does not even carry out. */
    volatile boolean ignoresRequests;

    /** Challenges although it does not lead, and keeps the answer to Attach to itself until {@link #decide}. */
    volatile boolean undecided;

    /** Questions for peers' keys wait for it. */
    volatile CompletableFuture<Void> keysShown = CompletableFuture.completedFuture(null);

    volatile String leaderAddress = "";
    volatile long term = 1;
    volatile int unsettledMax = 10_000;
    volatile int bodyBytesMax = 1 << 18;
    volatile List<String> addresses = List.of();
    volatile Function<ClientFrame, @Nullable Error> refusal = frame -> null;

    private final Server server;

    FakeRouter(FakeCluster cluster, String id) {
        this.cluster = cluster;
        this.id = id;
        this.service = new RouterGrpc.RouterImplBase() {
            @Override
            public StreamObserver<ClientFrame> session(StreamObserver<io.peerlink.protocol.v1.RouterFrame> responses) {
                FakeStream stream = new FakeStream(FakeRouter.this, responses);
                streams.add(stream);
                return stream;
            }
        };
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .directExecutor()
                    .addService(service)
                    .addService(queries())
                    .addService(clusterService())
                    .intercept(new TokenInterceptor())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    FakeRouter follows(FakeRouter other) {
        leader = false;
        leaderAddress = other.address();
        return this;
    }

    void leads(long newTerm) {
        term = newTerm;
        leaderAddress = "";
        leader = true;
    }

    /** Knows now whether it leads or follows: whoever waits is told. */
    void decide() {
        undecided = false;
        streams.forEach(FakeStream::decided);
    }

    /** Breaks all streams without a word. */
    void breakStreams() {
        streams.forEach(stream -> stream.fail(Status.UNAVAILABLE.withDescription("broken by the test")));
        streams.clear();
    }

    /** Lets the inbox flow to subscribers. */
    void pump() {
        streams.forEach(FakeStream::pump);
    }

    List<ClientFrame> frames(ClientFrame.KindCase kind) {
        return frames.stream().filter(frame -> frame.getKindCase() == kind).toList();
    }

    ByteString nonce() {
        return ByteString.copyFrom(new byte[32]);
    }

    private QueriesGrpc.QueriesImplBase queries() {
        return new QueriesGrpc.QueriesImplBase() {
            @Override
            public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> answer) {
                String token = String.valueOf(TOKEN.get());
                queryTokens.add(token);
                if (frozen) {
                    return;
                }
                if (!leader) {
                    answer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
                } else if (streams.stream().noneMatch(stream -> stream.token().equals(token))) {
                    answer.onError(Status.UNAUTHENTICATED.asRuntimeException());
                } else {
                    answer.onNext(ListGroupsResponse.newBuilder()
                            .addGroups("team-of-" + id)
                            .build());
                    answer.onCompleted();
                }
            }

            @Override
            public void getPeerKeys(GetPeerKeysRequest request, StreamObserver<GetPeerKeysResponse> answer) {
                keyQuestions.add(request.getPeer());
                keysShown.thenRun(() -> {
                    PublishKeys published =
                            cluster.published.getOrDefault(request.getPeer(), PublishKeys.getDefaultInstance());
                    answer.onNext(GetPeerKeysResponse.newBuilder()
                            .setIdentityKey(cluster.keys.getOrDefault(request.getPeer(), ByteString.EMPTY))
                            .setEncryptionKey(published.getEncryptionKey())
                            .setSignature(published.getSignature())
                            .build());
                    answer.onCompleted();
                });
            }
        };
    }

    private ClusterGrpc.ClusterImplBase clusterService() {
        return new ClusterGrpc.ClusterImplBase() {
            @Override
            public void getRouter(GetRouterRequest request, StreamObserver<GetRouterResponse> answer) {
                if (!frozen) {
                    answer.onNext(GetRouterResponse.newBuilder()
                            .setRouterId(id)
                            .setRole(leader ? RouterRole.LEADER : RouterRole.FOLLOWER)
                            .setTerm(term)
                            .setReady(leader)
                            .build());
                    answer.onCompleted();
                }
            }
        };
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class TokenInterceptor implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String token = headers.get(Metadata.Key.of("peerlink-session", Metadata.ASCII_STRING_MARSHALLER));
            return Contexts.interceptCall(
                    Context.current().withValue(TOKEN, token == null ? "" : token), call, headers, next);
        }
    }
}
