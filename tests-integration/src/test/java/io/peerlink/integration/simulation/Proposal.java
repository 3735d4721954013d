package io.peerlink.integration.simulation;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.server.raft.CommandLog.AppendResult;
import java.util.concurrent.CompletableFuture;

/** A batch that a router proposed; whoever finishes it first wins, as in the router's own table of such batches. */
final class Proposal {
    private final Batch batch;
    private final VirtualProcess proposer;
    private final ByteString bytes;
    private final CompletableFuture<AppendResult> result = new CompletableFuture<>();

    Proposal(Batch batch, VirtualProcess proposer) {
        this.batch = batch;
        this.proposer = proposer;
        this.bytes = batch.toByteString();
    }

    Batch batch() {
        return batch;
    }

    VirtualProcess proposer() {
        return proposer;
    }

    /** As it is stored and sent to followers. */
    ByteString bytes() {
        return bytes;
    }

    CompletableFuture<AppendResult> result() {
        return result;
    }

    void finish(AppendResult how) {
        result.complete(how);
    }
}
