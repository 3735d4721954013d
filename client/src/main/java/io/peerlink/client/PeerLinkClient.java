package io.peerlink.client;

import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One session of one peer. It finds the leader among the servers, follows it when it changes, and sends again what has no
 * outcome: a send is never forgotten and never done twice.
 *
 * <p>Thread-safe. Futures complete, and handlers and listeners run, on the callback executor, never on a network thread.
 * Every future completes: with a value, or with a {@link PeerLinkException}.
 */
public interface PeerLinkClient extends AutoCloseable {
    /** Starts with the defaults of {@link ClientBuilder}. */
    static ClientBuilder builder() {
        return new ClientBuilder();
    }

    /** This peer's name, in lower case. */
    String name();

    /**
     * Waits for the first attach, at most the connect time-out.
     *
     * @return this
     * @throws PeerLinkException as {@link #awaitAttached}
     */
    PeerLinkClient connect();

    /**
     * Waits until attached; returns at once if it is.
     *
     * @throws PeerLinkException a definite refusal (WRONG_KEY, NAME_TAKEN, NOT_REGISTERED, BAD_NAME and others that are not
     *     retryable), UNAVAILABLE after {@code limit} (the client goes on searching), or CLIENT_CLOSED
     */
    Attachment awaitAttached(Duration limit);

    /** How the client stands to its cluster now. */
    ConnectionState state();

    /** What the leader said at the last attach; empty before the first one. */
    Optional<Attachment> attachment();

    /**
     * Sends. Messages of one client keep the order of the calls. Returns at once unless the window is full and the policy
     * is BLOCK. Works while disconnected: the message waits.
     *
     * <p>The future fails with the router's refusal; BODY_TOO_LARGE; WINDOW_FULL (policy FAIL); UNAVAILABLE if no leader
     * was found within the request time-out (nothing was sent); OUTCOME_UNKNOWN if it was sent and the request time-out
     * passed, or the routers forgot this session: then it may or may not have arrived; CLIENT_CLOSED. Of a sealed message also
     * with PEER_KEY_CHANGED, NO_ENCRYPTION_KEY, FORGED_KEY, NOT_A_PEER (a group); then nothing was sent.
     */
    CompletableFuture<SendReceipt> sendAsync(OutgoingMessage message);

    /**
     * The blocking twin of {@link #sendAsync}. Safe in handlers, also with a callback executor of one thread.
     *
     * @throws PeerLinkException as the future of {@link #sendAsync}; INTERRUPTED (the send goes on)
     */
    SendReceipt send(OutgoingMessage message);

    /** Creates a group with this peer as its first member and owner. Fails with GROUP_EXISTS, NAME_TAKEN, BAD_NAME. */
    CompletableFuture<GroupChange> createGroup(String group);

    /** As {@link #createGroup}, and only who was invited may join. */
    CompletableFuture<GroupChange> createPrivateGroup(String group);

    /** Joins a group. Fails with UNKNOWN_NAME, NOT_A_GROUP, ALREADY_A_MEMBER, NOT_INVITED, BANNED. */
    CompletableFuture<GroupChange> joinGroup(String group);

    /**
     * Leaves a group: its undelivered messages are no longer owed to this peer. Or declines an invitation to it. Fails with
     * NOT_A_MEMBER, LAST_OWNER.
     */
    CompletableFuture<GroupChange> leaveGroup(String group);

    /** For what owners and admins do to a group. Asks nothing yet. */
    ManagedGroup manage(String group);

    /** Groups that this peer was invited to and has neither joined nor declined, by name. */
    CompletableFuture<List<GroupInvitation>> invitations();

    /**
     * Takes no direct messages or invitations of a peer, who is told UNKNOWN_NAME as if nobody were here. Groups go on. Fails with
     * TOO_MANY_BLOCKED.
     */
    CompletableFuture<Void> block(String peer);

    /** Takes a peer's messages again. */
    CompletableFuture<Void> unblock(String peer);

    /** Whom this peer blocks, by name. */
    CompletableFuture<List<String>> blocked();

    /**
     * Gives this peer's name another key; its other sessions end with WRONG_KEY. Once it is done, close this client and start one
     * with {@code next}: this one keeps its connection, but cannot attach again. If this fails with anything but a refusal, the
     * new key may count or not: whichever attaches is it.
     */
    CompletableFuture<Void> rotateKey(Identity next);

    /**
     * Marks a conversation read up to this message. If the message was just received, this waits until its confirmation
     * went out; so inside a handler take the future but do not wait for it. Fails with NOT_DELIVERED.
     */
    CompletableFuture<ReadMark> markRead(MessageId upTo);

    /** Marks everything read that was confirmed so far or has been given to the handler. */
    CompletableFuture<ReadMark> markRead(String conversation);

    /** Adds a receipt listener. Receipts flow while subscribed (see {@link SubscribeOptions#onlyReceipts()}). */
    void onReceipt(ReceiptListener listener);

    /**
     * Follows one sent message. Receipts flow while subscribed. The last 100,000 trackers are kept; older ones hear no more
     * and their open futures fail with OUTCOME_UNKNOWN.
     */
    DeliveryTracker track(MessageId id);

    /** Receives with {@link SubscribeOptions#auto()}. */
    default Subscription subscribe(MessageHandler handler) {
        return subscribe(SubscribeOptions.auto(), handler);
    }

    /**
     * Receives: first what waited, then live. One subscription per client; it survives reconnects. Repeats are dropped.
     *
     * @throws IllegalStateException if this client has subscribed before
     */
    Subscription subscribe(SubscribeOptions options, MessageHandler handler);

    /** What became of a message, for all its recipients. Fails with UNKNOWN_MESSAGE. */
    CompletableFuture<MessageStatus> status(MessageId id);

    /** As {@link #status}, with only those recipients that have not confirmed it. */
    CompletableFuture<MessageStatus> whoLacks(MessageId id);

    /** What waits for this peer; or, with another peer's name, what this peer sent it and it has not confirmed. */
    CompletableFuture<PendingMessages> pending(Optional<String> peer);

    /**
     * A page of a conversation's history, oldest first. Fails with UNKNOWN_CONVERSATION.
     *
     * @param before only messages with a lower sequence; 0 for the newest
     * @param limit at most this many, up to 1,000
     */
    CompletableFuture<HistoryPage> history(String conversation, long before, int limit);

    /** The groups this peer is a member of, by name. */
    CompletableFuture<List<String>> groups();

    /** The members of a group, by name; for members only. Fails with NOT_A_MEMBER, UNKNOWN_NAME. */
    CompletableFuture<List<GroupMember>> members(String group);

    /**
     * Completes once the routers have this client's key for sealed messages, without which nobody can send it any.
     *
     * @throws IllegalStateException if it was built without {@link ClientBuilder#endToEnd}; so do the next two
     */
    CompletableFuture<Void> keyPublished();

    /** What the routers show of a peer's keys, beside what is remembered. Fails with UNKNOWN_NAME, NOT_A_PEER. */
    CompletableFuture<PeerKeys> keys(String peer);

    /**
     * Remembers the key that the routers show of a peer, in place of the one before. Fails with PEER_KEY_CHANGED if it is not
     * the one with this fingerprint.
     */
    CompletableFuture<PeerKeys> acceptKeys(String peer, String fingerprint);

    /** Sends and other requests without an outcome. */
    int unsettled();

    /**
     * Waits until everything sent so far has an outcome and everything handled is confirmed to the router. Sends stay
     * possible meanwhile.
     *
     * @return false if {@code limit} passed first
     */
    boolean drain(Duration limit);

    /** When the last frame of the leader came in; empty while not attached. */
    Optional<Instant> lastHeard();

    /**
     * Ends the session: confirms what was handled, tells the router, and fails whatever has no outcome (OUTCOME_UNKNOWN if it
     * was sent, CLIENT_CLOSED if not). Does not wait for outcomes; call {@link #drain} first. Idempotent.
     */
    @Override
    void close();

    /** As {@link #close}, without waiting: completes when the session is over, within about a second. */
    CompletableFuture<Void> closeAsync();
}
