package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.CreateInvite;
import io.peerlink.log.v1.LockPeer;
import io.peerlink.log.v1.RevokeInvite;
import io.peerlink.log.v1.RotateKey;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.RotateKeyRequest;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.server.submit.OutcomeListener;
import io.peerlink.statemachine.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@link FrameMapper} for unary calls: translates what changes who may act as whom into commands, and puts these into the log.
 * Futures complete on the replies thread,
 * which must not be held up, and fail as the call should. Any thread.
 */
final class AccessChanges {
    private final CommandBatcher batcher;

    AccessChanges(CommandBatcher batcher) {
        this.batcher = batcher;
    }

    /**
     * An invite.
     *
     * @param name the only name it is for; empty: any that is free
     * @param operator who makes it
     */
    record Invite(ByteString hash, String name, long ttlMs, String operator) {}

    /** {@code incarnation}: whose session asks. */
    CompletableFuture<Outcome.AccessChanged> rotate(String peer, long incarnation, RotateKeyRequest request) {
        return submit(
                peer,
                Command.newBuilder()
                        .setRotateKey(RotateKey.newBuilder()
                                .setPeer(peer)
                                .setOldPublicKey(request.getOldPublicKey())
                                .setNewPublicKey(request.getNewPublicKey())
                                .setIncarnation(incarnation)));
    }

    CompletableFuture<Outcome.AccessChanged> create(Invite invite) {
        return submit(
                CommandBatcher.ROUTER,
                Command.newBuilder()
                        .setCreateInvite(CreateInvite.newBuilder()
                                .setInvite(invite.hash())
                                .setName(invite.name())
                                .setTtlMs(invite.ttlMs())
                                .setOperator(invite.operator())));
    }

    CompletableFuture<Outcome.AccessChanged> revoke(ByteString hash) {
        return submit(
                CommandBatcher.ROUTER,
                Command.newBuilder().setRevokeInvite(RevokeInvite.newBuilder().setInvite(hash)));
    }

    /** {@code invite}: for the peer that is locked. */
    CompletableFuture<Outcome.AccessChanged> lock(Invite invite) {
        return submit(
                CommandBatcher.ROUTER,
                Command.newBuilder()
                        .setLockPeer(LockPeer.newBuilder()
                                .setPeer(invite.name())
                                .setInvite(invite.hash())
                                .setTtlMs(invite.ttlMs())
                                .setOperator(invite.operator())));
    }

    private CompletableFuture<Outcome.AccessChanged> submit(String source, Command.Builder command) {
        Change change = new Change();
        batcher.submit(source, command.build(), change);
        return change.done;
    }

    private static final class Change implements OutcomeListener {
        private final CompletableFuture<Outcome.AccessChanged> done = new CompletableFuture<>();

        @Override
        public void onOutcome(Outcome outcome) {
            if (outcome instanceof Outcome.AccessChanged changed) {
                done.complete(changed);
            } else if (outcome instanceof Outcome.Refused refused) {
                done.completeExceptionally(ErrorMapper.exception(ErrorMapper.error(refused.rejection())));
            } else {
                done.completeExceptionally(new IllegalStateException("an outcome of another command: " + outcome));
            }
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            done.completeExceptionally(ErrorMapper.exception(
                    ErrorMapper.error(ErrorCode.OUTCOME_UNKNOWN, reason, "it may be asked for again")));
        }
    }
}
