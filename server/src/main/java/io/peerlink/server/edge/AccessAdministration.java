package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.CreateInviteRequest;
import io.peerlink.protocol.v1.CreateInviteResponse;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.Invite;
import io.peerlink.protocol.v1.ListInvitesRequest;
import io.peerlink.protocol.v1.ListInvitesResponse;
import io.peerlink.protocol.v1.LockPeerRequest;
import io.peerlink.protocol.v1.LockPeerResponse;
import io.peerlink.protocol.v1.RevokeInviteRequest;
import io.peerlink.protocol.v1.RevokeInviteResponse;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.StateView.InviteView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The part of {@link AdministrationService} about who may register and act as whom. On the leader only; work threads. */
final class AccessAdministration {
    private static final int INVITES_MAX = 10_000;
    private static final long TTL_MIN_MS = Duration.ofMinutes(1).toMillis();
    private static final long TTL_MAX_MS = Duration.ofDays(365).toMillis();

    private final EdgeContext context;
    private final LinearizableReads reads;
    private final AccessChanges changes;

    AccessAdministration(EdgeContext context, LinearizableReads reads) {
        this.context = context;
        this.reads = reads;
        this.changes = new AccessChanges(context.batcher());
    }

    CompletableFuture<CreateInviteResponse> createInvite(CreateInviteRequest request, String operator) {
        long ttlMs = ttl(request.getTtlMs());
        String name = request.getName().isEmpty() ? "" : name(request.getName());
        return changes.create(new AccessChanges.Invite(hash(request.getCodeHash()), name, ttlMs, operator))
                .thenApply(done -> CreateInviteResponse.newBuilder()
                        .setExpiresAtMs(done.atMs() + ttlMs)
                        .build());
    }

    CompletableFuture<RevokeInviteResponse> revokeInvite(RevokeInviteRequest request) {
        return changes.revoke(hash(request.getCodeHash())).thenApply(done -> RevokeInviteResponse.getDefaultInstance());
    }

    CompletableFuture<LockPeerResponse> lockPeer(LockPeerRequest request, String operator) {
        long ttlMs = ttl(request.getTtlMs());
        String peer = name(request.getPeer());
        return changes.lock(new AccessChanges.Invite(hash(request.getCodeHash()), peer, ttlMs, operator))
                .thenApply(done -> {
                    context.sessions().end(peer, "", ErrorMapper.error(Rejection.WRONG_KEY));
                    return LockPeerResponse.newBuilder()
                            .setExpiresAtMs(done.atMs() + ttlMs)
                            .build();
                });
    }

    CompletableFuture<ListInvitesResponse> listInvites(ListInvitesRequest request) {
        ByteString after = request.getAfterCodeHash().isEmpty() ? ByteString.EMPTY : hash(request.getAfterCodeHash());
        long asked = Integer.toUnsignedLong(request.getPageSize());
        int max = asked == 0 ? INVITES_MAX : (int) Math.min(asked, INVITES_MAX);
        return reads.awaitReadIndex().thenApplyAsync(proven -> page(after, max), context.work());
    }

    private ListInvitesResponse page(ByteString after, int max) {
        ListInvitesResponse.Builder answer = ListInvitesResponse.newBuilder();
        List<InviteView> invites = reads.read(view -> view.invites(after, max + 1));
        answer.setMore(invites.size() > max);
        for (InviteView invite : invites.subList(0, Math.min(max, invites.size()))) {
            answer.addInvites(Invite.newBuilder()
                    .setCodeHash(invite.hash())
                    .setName(invite.name())
                    .setCreatedAtMs(invite.createdAtMs())
                    .setExpiresAtMs(invite.expiresAtMs())
                    .setOperator(invite.operator())
                    .setUnlocks(invite.unlocks()));
        }
        return answer.build();
    }

    private static long ttl(long ttlMs) {
        if (ttlMs < TTL_MIN_MS || ttlMs > TTL_MAX_MS) {
            throw ErrorMapper.exception(ErrorMapper.error(
                    ErrorCode.BAD_TTL, "an invite is good for 1 minute to 365 days", "give another time"));
        }
        return ttlMs;
    }

    private static ByteString hash(ByteString given) {
        if (given.size() != 32) {
            throw ErrorMapper.exception(
                    ErrorMapper.error(ErrorCode.BAD_REQUEST, "code_hash must be a SHA-256", "hash the code"));
        }
        return given;
    }

    private static String name(String given) {
        return Names.canonical(given).orElseThrow(() -> ErrorMapper.exception(ErrorMapper.error(Rejection.BAD_NAME)));
    }
}
