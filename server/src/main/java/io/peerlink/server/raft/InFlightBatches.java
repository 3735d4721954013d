package io.peerlink.server.raft;

import io.peerlink.log.v1.Batch;
import io.peerlink.server.raft.CommandLog.AppendResult;
import io.peerlink.statemachine.ApplyResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * Batches that this process proposed and that are not applied yet, by Ratis call id. Lets the apply thread take the batch
 * as it was built (no second parse) and hand its result straight to the proposer. Bounded by the submit window.
 */
final class InFlightBatches {
    /** One id per process: an entry of an earlier life of this router is never mistaken for ours. */
    private final ClientId clientId = ClientId.randomId();

    private final ConcurrentHashMap<Long, InFlight> byCallId = new ConcurrentHashMap<>();

    record InFlight(Batch batch, CompletableFuture<AppendResult> result) {}

    ClientId clientId() {
        return clientId;
    }

    CompletableFuture<AppendResult> register(long callId, Batch batch) {
        CompletableFuture<AppendResult> result = new CompletableFuture<>();
        byCallId.put(callId, new InFlight(batch, result));
        return result;
    }

    /** The batch behind an entry, if this process proposed it and still waits for it. */
    @Nullable InFlight find(StateMachineLogEntryProto entry) {
        return clientId.toByteString().equals(entry.getClientId()) ? byCallId.get(entry.getCallId()) : null;
    }

    void applied(StateMachineLogEntryProto entry, ApplyResult result) {
        if (clientId.toByteString().equals(entry.getClientId())) {
            finish(entry.getCallId(), new AppendResult.Applied(result));
        }
    }

    /** Whoever finishes first wins: an entry that was applied here stays applied, whatever Ratis replies later. */
    void finish(long callId, AppendResult result) {
        InFlight inFlight = byCallId.remove(callId);
        if (inFlight != null) {
            inFlight.result().complete(result);
        }
    }
}
