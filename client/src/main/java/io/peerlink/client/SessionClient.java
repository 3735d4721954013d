package io.peerlink.client;

import com.google.protobuf.UnsafeByteOperations;
import io.peerlink.client.encryption.Opener;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.inbox.Inbox;
import io.peerlink.client.inbox.ReceiptBook;
import io.peerlink.client.outbox.Outbox;
import io.peerlink.client.outbox.PendingRequest;
import io.peerlink.client.session.Session;
import io.peerlink.client.session.SessionSettings;
import io.peerlink.protocol.v1.CreateGroup;
import io.peerlink.protocol.v1.JoinGroup;
import io.peerlink.protocol.v1.LeaveGroup;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Send;
import io.peerlink.protocol.v1.SetBlocked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The facade over a session: builds requests, hands them to the outbox, wakes the session. No state of its own. */
final class SessionClient implements PeerLinkClient {
    private final SessionSettings settings;
    private final Parts parts;
    private final Reads reads;

    /**
     * What a client is made of.
     *
     * @param session the connection
     * @param outbox the way out
     * @param inbox the way in
     * @param receipts what became of sends
     * @param callbacks where the program's code runs
     * @param sealed end-to-end encryption, if it is on
     */
    record Parts(
            Session session,
            Outbox outbox,
            Inbox inbox,
            ReceiptBook receipts,
            Callbacks callbacks,
            Optional<SealedSends> sealed) {}

    SessionClient(SessionSettings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
        this.reads = new Reads(
                parts.session().queries(),
                parts.sealed().map(SealedSends::opener).orElseGet(Opener::none));
    }

    @Override
    public String name() {
        return settings.identity().name();
    }

    @Override
    public PeerLinkClient connect() {
        awaitAttached(settings.connectTimeout());
        return this;
    }

    @Override
    public Attachment awaitAttached(Duration limit) {
        try {
            return parts.session().attached().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new PeerLinkException(
                    ErrorCode.UNAVAILABLE,
                    "no leader among " + settings.servers() + " within " + limit.toMillis() + " ms ("
                            + parts.session().lastFailure() + ")",
                    "Are the routers up, and a majority of them?",
                    true,
                    e);
        } catch (ExecutionException e) {
            throw rethrown(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public ConnectionState state() {
        return parts.session().state();
    }

    @Override
    public Optional<Attachment> attachment() {
        return parts.session().attachment();
    }

    @Override
    public CompletableFuture<SendReceipt> sendAsync(OutgoingMessage message) {
        return submit(message, false);
    }

    @Override
    public SendReceipt send(OutgoingMessage message) {
        try {
            return submit(message, true).get();
        } catch (ExecutionException e) {
            throw rethrown(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private CompletableFuture<SendReceipt> submit(OutgoingMessage message, boolean direct) {
        int bodyBytesMax = attachment()
                .map(known -> known.limits().bodyBytesMax())
                .filter(limit -> limit > 0)
                .orElse(Integer.MAX_VALUE);
        if (message.size() > bodyBytesMax) {
            return CompletableFuture.failedFuture(new PeerLinkException(
                    ErrorCode.BODY_TOO_LARGE,
                    "the body has " + message.size() + " bytes, the limit is " + bodyBytesMax,
                    "Split it, or send where to find it.",
                    false));
        }
        Send.Builder send = Send.newBuilder().setTo(message.to()).setContentType(message.givenContentType());
        message.ttl().ifPresent(ttl -> send.setTtlMs(Math.max(1, ttl.toMillis())));
        if (message.isSealed()) {
            PendingRequest.Sending sealed = sealed().sending(message, send, direct);
            submit(sealed);
            sealed().seal(message, sealed);
            return sealed.future();
        }
        PendingRequest.Sending sending = new PendingRequest.Sending(
                send.build(),
                UnsafeByteOperations.unsafeWrap(message.sharedBody()),
                parts.session().requestDeadline(),
                direct);
        submit(sending);
        return sending.future();
    }

    private SealedSends sealed() {
        return parts.sealed()
                .orElseThrow(() -> new IllegalStateException(
                        "end-to-end encryption is off: build the client with endToEnd(directory)"));
    }

    @Override
    public CompletableFuture<Void> keyPublished() {
        return sealed().published();
    }

    @Override
    public CompletableFuture<PeerKeys> keys(String peer) {
        return sealed().keys(fold(peer));
    }

    @Override
    public CompletableFuture<PeerKeys> acceptKeys(String peer, String fingerprint) {
        return sealed().accept(fold(peer), fingerprint);
    }

    private void submit(PendingRequest request) {
        if (parts.outbox().add(request)) {
            parts.session().wake();
        }
    }

    @Override
    public CompletableFuture<GroupChange> createGroup(String group) {
        return change(
                Request.newBuilder().setCreateGroup(CreateGroup.newBuilder().setGroup(fold(group))));
    }

    @Override
    public CompletableFuture<GroupChange> createPrivateGroup(String group) {
        return change(Request.newBuilder()
                .setCreateGroup(CreateGroup.newBuilder().setGroup(fold(group)).setPrivate(true)));
    }

    @Override
    public ManagedGroup manage(String group) {
        return new ManagedGroup(
                fold(group), change -> change(Request.newBuilder().setChangeGroup(change)));
    }

    @Override
    public CompletableFuture<Void> block(String peer) {
        return setBlocked(peer, true);
    }

    @Override
    public CompletableFuture<Void> unblock(String peer) {
        return setBlocked(peer, false);
    }

    private CompletableFuture<Void> setBlocked(String peer, boolean blocked) {
        Request.Builder request = Request.newBuilder()
                .setSetBlocked(SetBlocked.newBuilder().setPeer(fold(peer)).setBlocked(blocked));
        return change(request).thenApply(done -> null);
    }

    @Override
    public CompletableFuture<Void> rotateKey(Identity next) {
        return parts.session().queries().rotateKey(next);
    }

    @Override
    public CompletableFuture<GroupChange> joinGroup(String group) {
        return change(Request.newBuilder().setJoinGroup(JoinGroup.newBuilder().setGroup(fold(group))));
    }

    @Override
    public CompletableFuture<GroupChange> leaveGroup(String group) {
        return change(Request.newBuilder().setLeaveGroup(LeaveGroup.newBuilder().setGroup(fold(group))));
    }

    private CompletableFuture<GroupChange> change(Request.Builder request) {
        PendingRequest.Doing<GroupChange> changing =
                new PendingRequest.Doing<>(request.build(), parts.session().requestDeadline(), GroupChange::new);
        submit(changing);
        return changing.future();
    }

    @Override
    public CompletableFuture<ReadMark> markRead(MessageId upTo) {
        return markRead(upTo.conversation(), upTo.sequence());
    }

    @Override
    public CompletableFuture<ReadMark> markRead(String conversation) {
        return markRead(fold(conversation), 0);
    }

    private CompletableFuture<ReadMark> markRead(String conversation, long upTo) {
        return parts.session().markRead(conversation, upTo, parts.inbox().neededFor(conversation, upTo));
    }

    @Override
    public void onReceipt(ReceiptListener listener) {
        parts.receipts().addListener(listener);
    }

    @Override
    public DeliveryTracker track(MessageId id) {
        return parts.receipts().track(id);
    }

    @Override
    public Subscription subscribe(SubscribeOptions options, MessageHandler handler) {
        parts.inbox().subscribe(options, handler);
        parts.session().wake();
        return new Subscription() {
            @Override
            public long confirmed() {
                return parts.inbox().confirmed();
            }

            @Override
            public int waiting() {
                return parts.inbox().waiting();
            }

            @Override
            public void close() {
                parts.inbox().stop();
                parts.session().wake();
            }
        };
    }

    @Override
    public CompletableFuture<MessageStatus> status(MessageId id) {
        return reads.status(id, false);
    }

    @Override
    public CompletableFuture<MessageStatus> whoLacks(MessageId id) {
        return reads.status(id, true);
    }

    @Override
    public CompletableFuture<PendingMessages> pending(Optional<String> peer) {
        return reads.pending(peer.map(SessionClient::fold).orElse(""));
    }

    @Override
    public CompletableFuture<HistoryPage> history(String conversation, long before, int limit) {
        return reads.history(fold(conversation), before, limit);
    }

    @Override
    public CompletableFuture<List<String>> groups() {
        return reads.groups();
    }

    @Override
    public CompletableFuture<List<GroupInvitation>> invitations() {
        return reads.invitations();
    }

    @Override
    public CompletableFuture<List<String>> blocked() {
        return reads.blocked();
    }

    @Override
    public CompletableFuture<List<GroupMember>> members(String group) {
        return reads.members(fold(group));
    }

    @Override
    public int unsettled() {
        return parts.outbox().unsettled();
    }

    @Override
    public boolean drain(Duration limit) {
        if (state() == ConnectionState.CLOSED || state() == ConnectionState.REFUSED) {
            return unsettled() == 0;
        }
        try {
            parts.session().drained().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public Optional<Instant> lastHeard() {
        return parts.session().lastHeard();
    }

    @Override
    public void close() {
        parts.inbox().stop();
        parts.session().closeAsync().join();
        end();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        parts.inbox().stop();
        return parts.session()
                .closeAsync()
                .thenRunAsync(this::end, parts.callbacks().notices());
    }

    private void end() {
        parts.receipts().close(new PeerLinkException(ErrorCode.CLIENT_CLOSED, "this client was closed", "", false));
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** With the caller's stack beside the original one. */
    private static PeerLinkException rethrown(ExecutionException e) {
        if (e.getCause() instanceof PeerLinkException cause) {
            String message = cause.getMessage() == null ? "" : cause.getMessage();
            return new PeerLinkException(cause.code(), message, cause.hint(), cause.retryable(), cause);
        }
        return new PeerLinkException(ErrorCode.INTERNAL, String.valueOf(e.getMessage()), "", false, e);
    }

    private static PeerLinkException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PeerLinkException(ErrorCode.INTERRUPTED, "interrupted while waiting", "", true, e);
    }
}
