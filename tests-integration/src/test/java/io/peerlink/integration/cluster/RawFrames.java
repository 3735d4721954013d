package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.peerlink.protocol.v1.RouterFrame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A session stream on which a client writes bytes that need not be frames. */
final class RawFrames extends ClientCall.Listener<byte[]> implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final MethodDescriptor<byte[], byte[]> SESSION = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName("peerlink.v1.Router/Session")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final ManagedChannel channel;
    private final ClientCall<byte[], byte[]> call;
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    private RawFrames(ManagedChannel channel, CallOptions options) {
        this.channel = channel;
        call = channel.newCall(SESSION, options);
        call.start(this, new Metadata());
        call.request(Integer.MAX_VALUE);
    }

    /** A new stream on which nothing was said yet. */
    static RawFrames open(String address) {
        return new RawFrames(
                ManagedChannelBuilder.forTarget(address).usePlaintext().build(), CallOptions.DEFAULT);
    }

    /** As {@link #open}; what is sent is compressed. */
    static RawFrames compressed(String address) {
        return new RawFrames(
                ManagedChannelBuilder.forTarget(address).usePlaintext().build(),
                CallOptions.DEFAULT.withCompression("gzip"));
    }

    RawFrames send(byte[] bytes) {
        call.setMessageCompression(true);
        call.sendMessage(bytes);
        return this;
    }

    /** The next frame that the router sends. */
    RouterFrame next() {
        try {
            byte[] answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(answer).as("a frame within " + PATIENCE_SECONDS + " s").isNotNull();
            return RouterFrame.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How the router ends the stream; waits for the end. */
    Status.Code end() {
        return end.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().getCode();
    }

    @Override
    public void onMessage(byte[] answer) {
        answers.add(answer);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end.complete(status);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
