package io.peerlink.server.raft;

import io.peerlink.log.v1.Batch;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * Hands requests to the local Ratis division and turns its several ways to fail into two: {@link AppendResult.Unknown} for
 * writes, an exception for reads. Appends come from one thread (submit), reads from any.
 */
final class RaftSubmitter implements CommandLog {
    private final RaftClientAsynchronousProtocol division;
    private final RaftPeerId serverId;
    private final RaftGroupId groupId;
    private final InFlightBatches inFlight;
    private final Supplier<Optional<String>> otherLeader;
    private final AtomicLong callIds = new AtomicLong();

    /**
     * @param division the local division itself: it appends in the caller's thread, without the hop that the server's own
     *     entry point makes
     * @param otherLeader where clients find whom to ask instead of this router, if known
     */
    RaftSubmitter(
            RaftClientAsynchronousProtocol division,
            RaftPeerId serverId,
            RaftGroupId groupId,
            InFlightBatches inFlight,
            Supplier<Optional<String>> otherLeader) {
        this.division = division;
        this.serverId = serverId;
        this.groupId = groupId;
        this.inFlight = inFlight;
        this.otherLeader = otherLeader;
    }

    @Override
    public CompletableFuture<AppendResult> append(Batch batch) {
        long callId = callIds.incrementAndGet();
        ByteString bytes = UnsafeByteOperations.unsafeWrap(batch.toByteArray());
        CompletableFuture<AppendResult> result = inFlight.register(callId, batch);
        submit(request(callId, Message.valueOf(bytes), RaftClientRequest.writeRequestType()))
                .whenComplete((reply, error) -> {
                    Throwable failure = failure(reply, error);
                    if (failure != null) {
                        inFlight.finish(callId, new AppendResult.Unknown(String.valueOf(failure), otherLeader()));
                    }
                });
        return result;
    }

    /** Completes when this router is proven to lead and has applied all that was committed at the call. */
    CompletableFuture<Void> awaitReadIndex() {
        long callId = callIds.incrementAndGet();
        return submit(request(callId, Message.EMPTY, RaftClientRequest.readRequestType()))
                .handle((reply, error) -> {
                    Throwable failure = failure(reply, error);
                    if (failure == null) {
                        return null;
                    }
                    throw failure instanceof org.apache.ratis.protocol.exceptions.NotLeaderException
                            ? new NotLeaderException(otherLeader())
                            : new LogUnavailableException(String.valueOf(failure));
                });
    }

    private RaftClientRequest request(long callId, Message message, RaftClientRequest.Type type) {
        return RaftClientRequest.newBuilder()
                .setClientId(inFlight.clientId())
                .setServerId(serverId)
                .setGroupId(groupId)
                .setCallId(callId)
                .setMessage(message)
                .setType(type)
                .build();
    }

    private CompletableFuture<RaftClientReply> submit(RaftClientRequest request) {
        try {
            return division.submitClientRequestAsync(request);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A hint; without it, too, whoever waits is told. */
    private Optional<String> otherLeader() {
        try {
            return otherLeader.get();
        } catch (LogUnavailableException e) {
            return Optional.empty();
        }
    }

    /** Ratis answers some refusals as a normal reply and others as an exception. */
    static @Nullable Throwable failure(@Nullable RaftClientReply reply, @Nullable Throwable error) {
        if (error != null) {
            return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        }
        if (reply == null || reply.isSuccess()) {
            return null;
        }
        return reply.getException() != null ? reply.getException() : new IOException("refused without a reason");
    }
}
