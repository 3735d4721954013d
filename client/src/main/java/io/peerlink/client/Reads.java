package io.peerlink.client;

import io.peerlink.client.encryption.Opener;
import io.peerlink.client.session.Queries;
import io.peerlink.protocol.v1.GetHistoryRequest;
import io.peerlink.protocol.v1.GetHistoryResponse;
import io.peerlink.protocol.v1.GetStatusRequest;
import io.peerlink.protocol.v1.GetStatusResponse;
import io.peerlink.protocol.v1.ListBlockedRequest;
import io.peerlink.protocol.v1.ListGroupsRequest;
import io.peerlink.protocol.v1.ListInvitationsRequest;
import io.peerlink.protocol.v1.ListMembersRequest;
import io.peerlink.protocol.v1.ListPendingRequest;
import io.peerlink.protocol.v1.ListPendingResponse;
import io.peerlink.protocol.v1.RecipientStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Queries as the program sees them: pages joined, protocol messages turned into records. Stateless but for what opens. */
final class Reads {
    private static final int PAGE = 1_000;
    /** A bound on what one answer may gather in memory: a hundred thousand lines. */
    private static final int LINES_MAX = 100 * PAGE;

    private final Queries queries;
    private final Opener opener;

    Reads(Queries queries, Opener opener) {
        this.queries = queries;
        this.opener = opener;
    }

    CompletableFuture<MessageStatus> status(MessageId id, boolean lackingOnly) {
        GetStatusRequest request = GetStatusRequest.newBuilder()
                .setConversation(id.conversation())
                .setSequence(id.sequence())
                .setLackingOnly(lackingOnly)
                .setPageSize(PAGE)
                .build();
        return status(id, request, new ArrayList<>());
    }

    private CompletableFuture<MessageStatus> status(
            MessageId id, GetStatusRequest request, List<MessageStatus.RecipientStatus> lines) {
        return queries.getStatus(request).thenCompose(page -> {
            page.getRecipientsList().forEach(recipient -> lines.add(line(recipient)));
            if (goesOn(page.getMore(), page.getRecipientsCount(), lines)) {
                String last = lines.get(lines.size() - 1).peer();
                return status(id, request.toBuilder().setAfterPeer(last).build(), lines);
            }
            return CompletableFuture.completedFuture(status(id, page, lines));
        });
    }

    private static MessageStatus status(
            MessageId id, GetStatusResponse page, List<MessageStatus.RecipientStatus> lines) {
        return new MessageStatus(
                id,
                page.getSender(),
                new MessageStatus.LogPlace(page.getLogTerm(), page.getLogIndex()),
                Instant.ofEpochMilli(page.getSentAtMs()),
                Instant.ofEpochMilli(page.getExpiresAtMs()),
                lines);
    }

    private static MessageStatus.RecipientStatus line(RecipientStatus recipient) {
        MessageStatus.State state = switch (recipient.getState()) {
            case STATE_SENT, RECIPIENT_STATE_UNSPECIFIED, UNRECOGNIZED -> MessageStatus.State.SENT;
            case STATE_DELIVERED -> MessageStatus.State.DELIVERED;
            case STATE_READ -> MessageStatus.State.READ;
            case STATE_LEFT -> MessageStatus.State.LEFT;
            case STATE_EXPIRED -> MessageStatus.State.EXPIRED;
        };
        return new MessageStatus.RecipientStatus(
                recipient.getPeer(),
                state,
                Instant.ofEpochMilli(recipient.getAtMs()),
                recipient.getDeliveredAtMs() == 0
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(recipient.getDeliveredAtMs())));
    }

    CompletableFuture<PendingMessages> pending(String peer) {
        return queries.listPending(ListPendingRequest.newBuilder().setPeer(peer).build())
                .thenApply(Reads::pending);
    }

    private static PendingMessages pending(ListPendingResponse answer) {
        List<PendingMessages.Entry> oldest = answer.getOldestList().stream()
                .map(entry -> new PendingMessages.Entry(
                        new MessageId(entry.getConversation(), entry.getSequence()), entry.getSender()))
                .toList();
        return new PendingMessages(answer.getCount(), answer.getMore(), oldest);
    }

    CompletableFuture<HistoryPage> history(String conversation, long before, int limit) {
        if (before < 0 || limit < 0) {
            throw new IllegalArgumentException(
                    "sequences and numbers of messages are not negative: " + Math.min(before, (long) limit));
        }
        return queries.getHistory(GetHistoryRequest.newBuilder()
                        .setConversation(conversation)
                        .setBeforeSequence(before)
                        .setPageSize(limit)
                        .build())
                .thenApply(this::history);
    }

    private HistoryPage history(GetHistoryResponse answer) {
        return new HistoryPage(
                answer.getMessagesList().stream()
                        .flatMap(run -> HistoryMessage.of(run, opener))
                        .toList(),
                answer.getMore());
    }

    CompletableFuture<List<String>> groups() {
        return pages(
                "",
                after -> queries.listGroups(ListGroupsRequest.newBuilder()
                        .setAfterGroup(after)
                        .setPageSize(PAGE)
                        .build()),
                page -> new Page<>(page.getGroupsList(), page.getMore()),
                Function.identity());
    }

    CompletableFuture<List<String>> blocked() {
        return pages(
                "",
                after -> queries.listBlocked(ListBlockedRequest.newBuilder()
                        .setAfterPeer(after)
                        .setPageSize(PAGE)
                        .build()),
                page -> new Page<>(page.getPeersList(), page.getMore()),
                Function.identity());
    }

    CompletableFuture<List<GroupInvitation>> invitations() {
        return pages(
                "",
                after -> queries.listInvitations(ListInvitationsRequest.newBuilder()
                        .setAfterGroup(after)
                        .setPageSize(PAGE)
                        .build()),
                page -> new Page<>(
                        page.getInvitationsList().stream()
                                .map(invitation -> new GroupInvitation(
                                        invitation.getGroup(),
                                        invitation.getInvitedBy(),
                                        Instant.ofEpochMilli(invitation.getAtMs())))
                                .toList(),
                        page.getMore()),
                GroupInvitation::group);
    }

    CompletableFuture<List<GroupMember>> members(String group) {
        return pages(
                "",
                after -> queries.listMembers(ListMembersRequest.newBuilder()
                        .setGroup(group)
                        .setAfterPeer(after)
                        .setPageSize(PAGE)
                        .build()),
                page -> new Page<>(
                        page.getMembersList().stream()
                                .map(member -> new GroupMember(
                                        member.getPeer(),
                                        Instant.ofEpochMilli(member.getSinceMs()),
                                        GroupRole.of(member.getRole())))
                                .toList(),
                        page.getMore()),
                GroupMember::peer);
    }

    private record Page<L>(List<L> lines, boolean more) {}

    /** Asks for page after page, each behind the name of the last line before. */
    private static <R, L> CompletableFuture<List<L>> pages(
            String after,
            Function<String, CompletableFuture<R>> ask,
            Function<R, Page<L>> read,
            Function<L, String> name) {
        return pages(after, answer -> ask.apply(answer).thenApply(read), name, new ArrayList<>());
    }

    private static <L> CompletableFuture<List<L>> pages(
            String after, Function<String, CompletableFuture<Page<L>>> ask, Function<L, String> name, List<L> lines) {
        return ask.apply(after).thenCompose(page -> {
            lines.addAll(page.lines());
            if (goesOn(page.more(), page.lines().size(), lines)) {
                return pages(name.apply(lines.get(lines.size() - 1)), ask, name, lines);
            }
            return CompletableFuture.completedFuture(List.copyOf(lines));
        });
    }

    /** An empty page that promises more would be asked for ever. */
    private static boolean goesOn(boolean more, int pageLines, List<?> lines) {
        return more && pageLines > 0 && lines.size() < LINES_MAX;
    }
}
