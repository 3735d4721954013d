package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.AccountsGrpc;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.RotateKeyRequest;
import io.peerlink.protocol.v1.RotateKeyResponse;
import io.peerlink.server.edge.SessionRegistry.SessionKey;
import io.peerlink.statemachine.Rejection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** What peers do to their own accounts. */
final class AccountService extends AccountsGrpc.AccountsImplBase {
    private static final ByteString PURPOSE = ByteString.copyFromUtf8("peerlink-rotate-v1");

    private final EdgeContext context;
    private final AccessChanges changes;

    AccountService(EdgeContext context) {
        this.context = context;
        this.changes = new AccessChanges(context.batcher());
    }

    @Override
    public void rotateKey(RotateKeyRequest request, StreamObserver<RotateKeyResponse> response) {
        String token = SessionToken.current();
        Optional<SessionKey> caller =
                token == null ? Optional.empty() : context.sessions().sessionOf(token);
        if (!context.leadership().isServing()) {
            response.onError(ErrorMapper.exception(
                    ErrorMapper.notLeader(context.leadership().otherLeaderAddress())));
        } else if (token == null || caller.isEmpty()) {
            response.onError(ErrorMapper.exception(
                    ErrorMapper.error(ErrorCode.UNAUTHENTICATED, "no attached session has this token", "")));
        } else {
            rotate(caller.get(), token, request)
                    .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
        }
    }

    private CompletableFuture<RotateKeyResponse> rotate(SessionKey session, String token, RotateKeyRequest request) {
        String peer = session.peer();
        try {
            return CompletableFuture.runAsync(() -> check(peer, token, request), context.work())
                    .thenCompose(good -> changes.rotate(peer, session.incarnation(), request))
                    .thenApply(changed -> {
                        context.sessions().end(peer, token, ErrorMapper.error(Rejection.WRONG_KEY));
                        return RotateKeyResponse.getDefaultInstance();
                    });
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void check(String peer, String token, RotateKeyRequest request) {
        byte[] signed = Signatures.fields(
                PURPOSE,
                ByteString.copyFromUtf8(context.config().clusterId()),
                ByteString.copyFromUtf8(peer),
                ByteString.copyFromUtf8(token),
                request.getOldPublicKey(),
                request.getNewPublicKey());
        requireGood(Signatures.fault(request.getOldPublicKey(), signed, request.getOldSignature()), "old");
        requireGood(Signatures.fault(request.getNewPublicKey(), signed, request.getNewSignature()), "new");
    }

    private static void requireGood(Optional<ErrorCode> fault, String which) {
        fault.ifPresent(code -> {
            throw ErrorMapper.exception(ErrorMapper.error(
                    code,
                    code == ErrorCode.BAD_KEY
                            ? "the " + which + " key is not an Ed25519 public key"
                            : "the " + which + " key's signature does not match",
                    "see RotateKeyRequest in account.proto for what to sign"));
        });
    }
}
