package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.AccountsGrpc;
import io.peerlink.protocol.v1.AccountsGrpc.AccountsBlockingStub;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.QueriesGrpc;
import io.peerlink.protocol.v1.QueriesGrpc.QueriesBlockingStub;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.RouterGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A session stream without any library: sends whatever frame it is told and shows what came back. */
final class RawSession implements StreamObserver<RouterFrame>, AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("peerlink-session", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel channel;
    private final StreamObserver<ClientFrame> out;
    private final BlockingQueue<RouterFrame> frames = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    private RawSession(ManagedChannel channel) {
        this.channel = channel;
        out = RouterGrpc.newStub(channel).session(this);
    }

    /** A new stream on which nothing was said yet. */
    static RawSession open(String address) {
        return new RawSession(
                ManagedChannelBuilder.forTarget(address).usePlaintext().build());
    }

    /** As {@link #open(String)}, over TLS. */
    static RawSession open(String address, ChannelCredentials trust) {
        return new RawSession(Grpc.newChannelBuilder(address, trust).build());
    }

    RawSession send(ClientFrame frame) {
        out.onNext(frame);
        return this;
    }

    /** Says that no more frames will come. */
    RawSession complete() {
        out.onCompleted();
        return this;
    }

    /** Says Hello and returns the challenge. */
    Challenge challenge(String name) {
        send(Frames.hello(name));
        RouterFrame frame = next();
        assertThat(frame.hasChallenge()).as("a challenge, not " + frame).isTrue();
        return frame.getChallenge();
    }

    /** Hello, Attach, Attached. */
    Attached attach(Identity who) {
        return attach(who, ByteString.EMPTY);
    }

    /** As {@link #attach(Identity)}, over TLS: bound to a certificate's SHA-256. */
    Attached attach(Identity who, ByteString certificate) {
        send(Frames.frame(Frames.attach(who, challenge(who.name()), certificate)));
        RouterFrame frame = next();
        assertThat(frame.hasAttached()).as("attached, not " + frame).isTrue();
        return frame.getAttached();
    }

    RouterFrame next() {
        try {
            RouterFrame frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(frame).as("a frame within " + PATIENCE_SECONDS + " s").isNotNull();
            return frame == null ? RouterFrame.getDefaultInstance() : frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The next frame must be an error; returns it. */
    Error error() {
        RouterFrame frame = next();
        assertThat(frame.hasError()).as("an error, not " + frame).isTrue();
        return frame.getError();
    }

    /** The next frame must be this error, and the stream ends after it. */
    void assertEndsWith(ErrorCode code) {
        assertThat(error().getCode()).isEqualTo(code);
        awaitEnd();
    }

    /** The stream still works: a Ping gets its Pong, with nothing before it. */
    void assertAlive() {
        send(Frames.ping(4711));
        assertThat(next().getPong().getNonce()).isEqualTo(4711);
    }

    /** The outcomes of this many requests, run by run. */
    List<OutcomeRun> outcomes(int requests) {
        List<OutcomeRun> runs = new ArrayList<>();
        int count = 0;
        while (count < requests) {
            RouterFrame frame = next();
            assertThat(frame.hasOutcomes()).as("outcomes, not " + frame).isTrue();
            runs.addAll(frame.getOutcomes().getRunsList());
            count = runs.stream().mapToInt(OutcomeRun::getCount).sum();
        }
        return runs;
    }

    /** Sends one request frame of one request and returns its outcome. */
    OutcomeRun outcome(ClientFrame request) {
        return send(request).outcomes(1).get(0);
    }

    void assertRefused(ClientFrame request, ErrorCode code) {
        OutcomeRun outcome = outcome(request);
        assertThat(outcome.hasRefused()).as("a refusal, not " + outcome).isTrue();
        assertThat(outcome.getRefused().getCode()).isEqualTo(code);
    }

    void awaitEnd() {
        try {
            assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the stream ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For unary calls on the same router with this token. */
    QueriesBlockingStub queries(String token) {
        return queries().withInterceptors(with(token));
    }

    /** As {@link #queries(String)}. */
    AccountsBlockingStub accounts(String token) {
        return AccountsGrpc.newBlockingStub(channel).withInterceptors(with(token));
    }

    private static ClientInterceptor with(String token) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** For unary calls on the same router without any token. */
    QueriesBlockingStub queries() {
        return QueriesGrpc.newBlockingStub(channel);
    }

    ManagedChannel channel() {
        return channel;
    }

    @Override
    public void onNext(RouterFrame frame) {
        frames.add(frame);
    }

    @Override
    public void onError(Throwable t) {
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        ended.countDown();
    }

    /** Closes the connection without a word. */
    void cut() {
        channel.shutdownNow();
    }

    @Override
    public void close() {
        cut();
    }
}
