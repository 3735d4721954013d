package io.peerlink.server.edge;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.GetHistoryRequest;
import io.peerlink.protocol.v1.GetHistoryResponse;
import io.peerlink.protocol.v1.GetPeerKeysRequest;
import io.peerlink.protocol.v1.GetPeerKeysResponse;
import io.peerlink.protocol.v1.GetStatusRequest;
import io.peerlink.protocol.v1.GetStatusResponse;
import io.peerlink.protocol.v1.GroupRole;
import io.peerlink.protocol.v1.Invitation;
import io.peerlink.protocol.v1.ListBlockedRequest;
import io.peerlink.protocol.v1.ListBlockedResponse;
import io.peerlink.protocol.v1.ListGroupsRequest;
import io.peerlink.protocol.v1.ListGroupsResponse;
import io.peerlink.protocol.v1.ListInvitationsRequest;
import io.peerlink.protocol.v1.ListInvitationsResponse;
import io.peerlink.protocol.v1.ListMembersRequest;
import io.peerlink.protocol.v1.ListMembersResponse;
import io.peerlink.protocol.v1.ListPendingRequest;
import io.peerlink.protocol.v1.ListPendingResponse;
import io.peerlink.protocol.v1.Member;
import io.peerlink.protocol.v1.PendingMessage;
import io.peerlink.protocol.v1.QueriesGrpc;
import io.peerlink.protocol.v1.RecipientState;
import io.peerlink.protocol.v1.RecipientStatus;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.StateView.HistoryPage;
import io.peerlink.statemachine.StateView.InvitationView;
import io.peerlink.statemachine.StateView.MemberView;
import io.peerlink.statemachine.StateView.MessageStatus;
import io.peerlink.statemachine.StateView.PeerKeysView;
import io.peerlink.statemachine.StateView.PendingPage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;

/**
 * Answers questions about committed state: proves the read index, then reads on a query thread. A refusal inside a query is
 * thrown as the call's status.
 */
final class QueryService extends QueriesGrpc.QueriesImplBase {
    private static final int PAGE_MAX = 1_000;
    private static final int PAGE_DEFAULT = 100;
    private static final int PENDING_ENTRIES_MAX = 100_000;
    private static final String SPELLING = "check the spelling; names are registered";

    private final EdgeContext context;
    private final LinearizableReads reads;
    private final OpenQueries open = new OpenQueries();

    QueryService(EdgeContext context, LinearizableReads reads) {
        this.context = context;
        this.reads = reads;
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> response) {
        answer(response, (caller, view) -> {
            String conversation = conversation(request.getConversation());
            MessageStatus status = view.status(
                            caller,
                            conversation,
                            request.getSequence(),
                            request.getLackingOnly(),
                            request.getAfterPeer(),
                            pageSize(request.getPageSize()))
                    .orElseThrow(() -> refusal(ErrorCode.UNKNOWN_MESSAGE, "no such message of yours"));
            GetStatusResponse.Builder answer = GetStatusResponse.newBuilder()
                    .setSender(status.sender())
                    .setSentAtMs(status.sentAtMs())
                    .setExpiresAtMs(status.expiresAtMs())
                    .setLogTerm(status.position().term())
                    .setLogIndex(Math.max(0, status.position().index()))
                    .setMore(status.more());
            status.recipients()
                    .forEach(recipient -> answer.addRecipients(RecipientStatus.newBuilder()
                            .setPeer(recipient.peer())
                            .setState(state(recipient.state()))
                            .setAtMs(recipient.atMs())
                            .setDeliveredAtMs(recipient.deliveredAtMs())));
            return answer.build();
        });
    }

    private static RecipientState state(StateView.RecipientState state) {
        return switch (state) {
            case SENT -> RecipientState.STATE_SENT;
            case DELIVERED -> RecipientState.STATE_DELIVERED;
            case READ -> RecipientState.STATE_READ;
            case LEFT -> RecipientState.STATE_LEFT;
            case EXPIRED -> RecipientState.STATE_EXPIRED;
        };
    }

    @Override
    public void listPending(ListPendingRequest request, StreamObserver<ListPendingResponse> response) {
        answer(response, (caller, view) -> {
            String peer = request.getPeer().isEmpty() ? caller : name(request.getPeer());
            if (view.inboxState(peer).isEmpty()) {
                throw refusal(ErrorCode.UNKNOWN_NAME, "no peer has this name", SPELLING);
            }
            Optional<String> sender = peer.equals(caller) ? Optional.empty() : Optional.of(caller);
            PendingPage page = view.pending(peer, sender, pageSize(request.getPageSize()), PENDING_ENTRIES_MAX);
            ListPendingResponse.Builder answer =
                    ListPendingResponse.newBuilder().setCount(page.count()).setMore(page.more());
            page.oldest()
                    .forEach(pending -> answer.addOldest(PendingMessage.newBuilder()
                            .setConversation(pending.conversation())
                            .setSequence(pending.sequence())
                            .setSender(pending.sender())));
            return answer.build();
        });
    }

    @Override
    public void getHistory(GetHistoryRequest request, StreamObserver<GetHistoryResponse> response) {
        answer(response, (caller, view) -> {
            HistoryPage page = view.history(
                            caller,
                            conversation(request.getConversation()),
                            request.getBeforeSequence(),
                            pageSize(request.getPageSize()))
                    .orElseThrow(() -> refusal(ErrorCode.UNKNOWN_CONVERSATION, "no such conversation of yours"));
            GetHistoryResponse.Builder answer = GetHistoryResponse.newBuilder().setMore(page.more());
            page.messages().forEach(messages -> answer.addMessages(FrameMapper.messages(messages)));
            return answer.build();
        });
    }

    @Override
    public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> response) {
        answer(response, (caller, view) -> {
            int size = pageSize(request.getPageSize());
            List<String> groups = view.groupsOf(caller, request.getAfterGroup(), size + 1);
            return ListGroupsResponse.newBuilder()
                    .addAllGroups(groups.subList(0, Math.min(size, groups.size())))
                    .setMore(groups.size() > size)
                    .build();
        });
    }

    @Override
    public void listMembers(ListMembersRequest request, StreamObserver<ListMembersResponse> response) {
        answer(response, (caller, view) -> {
            String group = name(request.getGroup());
            int size = pageSize(request.getPageSize());
            List<MemberView> members = view.members(group, request.getAfterPeer(), size + 1)
                    .orElseThrow(() -> refusal(ErrorCode.UNKNOWN_NAME, "no such group", SPELLING));
            if (!view.isMember(group, caller)) {
                throw refusal(ErrorCode.NOT_A_MEMBER, "only members see the members", "join it first");
            }
            ListMembersResponse.Builder answer =
                    ListMembersResponse.newBuilder().setMore(members.size() > size);
            members.stream()
                    .limit(size)
                    .forEach(member -> answer.addMembers(Member.newBuilder()
                            .setPeer(member.peer())
                            .setSinceMs(member.sinceMs())
                            .setRole(role(member.role()))));
            return answer.build();
        });
    }

    @Override
    public void getPeerKeys(GetPeerKeysRequest request, StreamObserver<GetPeerKeysResponse> response) {
        answer(response, (caller, view) -> {
            String peer = name(request.getPeer());
            if (view.members(peer, "", 1).isPresent()) {
                throw refusal(
                        ErrorCode.NOT_A_PEER,
                        peer + " is a group: it has no key to encrypt with",
                        "send to it without encryption");
            }
            // As a send is answered: whom a peer blocks is not told that there is one.
            PeerKeysView keys = view.peerKeys(peer)
                    .filter(known -> !view.isBlocked(peer, caller))
                    .orElseThrow(() -> refusal(ErrorCode.UNKNOWN_NAME, "no peer has this name", SPELLING));
            return GetPeerKeysResponse.newBuilder()
                    .setIdentityKey(keys.identityKey())
                    .setEncryptionKey(keys.encryptionKey())
                    .setSignature(keys.signature())
                    .build();
        });
    }

    private static GroupRole role(StateView.GroupRole role) {
        return switch (role) {
            case READER -> GroupRole.READER;
            case MEMBER -> GroupRole.MEMBER;
            case ADMIN -> GroupRole.ADMIN;
            case OWNER -> GroupRole.OWNER;
        };
    }

    @Override
    public void listInvitations(ListInvitationsRequest request, StreamObserver<ListInvitationsResponse> response) {
        answer(response, (caller, view) -> {
            int size = pageSize(request.getPageSize());
            List<InvitationView> invitations = view.invitationsOf(caller, request.getAfterGroup(), size + 1);
            ListInvitationsResponse.Builder answer =
                    ListInvitationsResponse.newBuilder().setMore(invitations.size() > size);
            invitations.stream()
                    .limit(size)
                    .forEach(invitation -> answer.addInvitations(Invitation.newBuilder()
                            .setGroup(invitation.group())
                            .setInvitedBy(invitation.by())
                            .setAtMs(invitation.atMs())));
            return answer.build();
        });
    }

    @Override
    public void listBlocked(ListBlockedRequest request, StreamObserver<ListBlockedResponse> response) {
        answer(response, (caller, view) -> {
            int size = pageSize(request.getPageSize());
            List<String> blocked = view.blockedBy(caller, request.getAfterPeer(), size + 1);
            return ListBlockedResponse.newBuilder()
                    .addAllPeers(blocked.subList(0, Math.min(size, blocked.size())))
                    .setMore(blocked.size() > size)
                    .build();
        });
    }

    private <T extends MessageLite> void answer(StreamObserver<T> response, BiFunction<String, StateView, T> question) {
        Optional<String> caller = context.sessions().peerOf(SessionToken.current());
        if (!context.leadership().isServing()) {
            Error error = ErrorMapper.notLeader(context.leadership().otherLeaderAddress());
            response.onError(ErrorMapper.exception(error));
        } else if (caller.isEmpty()) {
            response.onError(refusal(ErrorCode.UNAUTHENTICATED, "no attached session has this token"));
        } else {
            open.begin(caller.get())
                    .ifPresentOrElse(
                            query -> answer(response, caller.get(), query, question),
                            () -> response.onError(overloaded("this peer has too many queries that are not over")));
        }
    }

    private <T extends MessageLite> void answer(
            StreamObserver<T> response,
            String caller,
            OpenQueries.Query query,
            BiFunction<String, StateView, T> question) {
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) response;
        call.setOnCloseHandler(query::over);
        call.setOnCancelHandler(query::over);
        ask(caller, query, question).whenComplete((answer, failure) -> {
            if (answer != null) {
                query.answered(answer.getSerializedSize());
            }
            Answer.send(response, answer, failure);
        });
    }

    private <T> CompletableFuture<T> ask(
            String caller, OpenQueries.Query query, BiFunction<String, StateView, T> question) {
        try {
            return CompletableFuture.supplyAsync(reads::awaitReadIndex, context.queries())
                    .thenCompose(proof -> proof)
                    .thenApplyAsync(
                            proven -> {
                                if (!query.hasRoom()) {
                                    throw overloaded("too many answers wait to be taken");
                                }
                                return reads.read(view -> question.apply(caller, view));
                            },
                            context.queries());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static RuntimeException overloaded(String message) {
        return ErrorMapper.exception(
                ErrorMapper.error(ErrorCode.OVERLOADED, message, "take the answers, and ask again later"));
    }

    private static String conversation(String text) {
        return RequestForm.conversation(text)
                .orElseThrow(() -> refusal(ErrorCode.BAD_ID, "\"" + printable(text) + "\" is not a conversation"));
    }

    private static String name(String text) {
        return Names.canonical(text)
                .orElseThrow(
                        () -> ErrorMapper.exception(ErrorMapper.error(io.peerlink.statemachine.Rejection.BAD_NAME)));
    }

    /** What a client sent, short and without control characters, fit to stand in an error. */
    static String printable(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.length() <= 80 ? plain : plain.substring(0, 80) + "...";
    }

    private static RuntimeException refusal(ErrorCode code, String message) {
        return refusal(code, message, "");
    }

    private static RuntimeException refusal(ErrorCode code, String message, String hint) {
        return ErrorMapper.exception(ErrorMapper.error(code, message, hint));
    }

    private static int pageSize(int asked) {
        return asked == 0 ? PAGE_DEFAULT : (int) Math.min(Integer.toUnsignedLong(asked), PAGE_MAX);
    }
}
