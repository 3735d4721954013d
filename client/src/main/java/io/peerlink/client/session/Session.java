package io.peerlink.client.session;

import io.peerlink.client.Attachment;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ConnectionState;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.ReadMark;
import io.peerlink.client.callback.SerialLane;
import io.peerlink.client.inbox.Inbox;
import io.peerlink.client.inbox.InboxHost;
import io.peerlink.client.outbox.Outbox;
import io.peerlink.client.outbox.PendingRequest;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.MarkRead;
import io.peerlink.protocol.v1.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One peer's session across connections; {@link SessionState} draws its life.
 *
 * <p>Everything here and in the parts it owns runs on one session thread. Programs reach it through {@link #wake}, which
 * costs one flag test while the thread is busy: many sends, one wake-up, one frame.
 */
public final class Session implements InboxHost, LeaderSearch.Owner, LiveStream.Owner {
    private static final Logger LOGGER = LoggerFactory.getLogger(Session.class);
    private static final long GOODBYE_NANOS_MAX = 1_000_000_000;
    private static final long QUICK_NANOS = 1_000_000_000;
    /** So many holes in a row without progress, and the routers cannot be remembering this incarnation. */
    private static final int GAPS_MAX = 5;

    private final SessionSettings settings;
    private final Outbox outbox;
    private final SessionListener listener;
    private final Platform platform;
    private final SessionThread thread;
    private final LeaderSearch search;
    private final Queries queries;
    private final AtomicBoolean wakeScheduled = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile CompletableFuture<Attachment> attached = new CompletableFuture<>();
    private final List<CompletableFuture<Void>> drainers = new ArrayList<>();
    private volatile SessionState state = new SessionState.Searching();
    private volatile @Nullable Attachment attachment;
    private @Nullable Inbox inbox;
    private long incarnation;
    private int gaps;
    private int quickLosses;
    private long attachedNanos;
    private boolean flushScheduled;

    /** Not started. */
    public Session(
            SessionSettings settings,
            Outbox outbox,
            SessionListener listener,
            SerialLane completions,
            Platform platform) {
        this.settings = settings;
        this.outbox = outbox;
        this.listener = listener;
        this.platform = platform;
        this.thread =
                new SessionThread(platform.threads().apply(settings.identity().name()));
        this.search = new LeaderSearch(settings, thread, this, platform);
        this.queries = new Queries(settings, thread, this::liveStream, completions, platform.nanoTime());
    }

    /** Begins to look for the leader; deliveries go to {@code deliveries}. Once. */
    public void start(Inbox deliveries) {
        thread.execute(() -> {
            inbox = deliveries;
            listener.onEvent(new ConnectionEvent.Connecting());
            search.start("");
            tick();
        });
    }

    /** Linearizable reads. */
    public Queries queries() {
        return queries;
    }

    /** The state as programs see it. Any thread. */
    public ConnectionState state() {
        SessionState now = state;
        if (now instanceof SessionState.Live) {
            return ConnectionState.ATTACHED;
        }
        if (now instanceof SessionState.Refused) {
            return ConnectionState.REFUSED;
        }
        return now instanceof SessionState.Closed ? ConnectionState.CLOSED : ConnectionState.CONNECTING;
    }

    /** Completes when attached; fails when refused or closed. Any thread. */
    public CompletableFuture<Attachment> attached() {
        return attached;
    }

    /** The last attachment. Any thread. */
    public Optional<Attachment> attachment() {
        return Optional.ofNullable(attachment);
    }

    /** When the leader was last heard. Any thread. */
    public Optional<Instant> lastHeard() {
        return state instanceof SessionState.Live live
                ? Optional.of(Instant.ofEpochMilli(live.stream().connection().heardMillis()))
                : Optional.empty();
    }

    /** Why there is no leader yet, for people. Any thread. */
    public String lastFailure() {
        return search.lastFailure();
    }

    @Override
    public void wake() {
        if (!wakeScheduled.get() && wakeScheduled.compareAndSet(false, true)) {
            thread.execute(this::drain);
        }
    }

    @Override
    public void after(Duration delay, Runnable task) {
        thread.schedule(delay.toNanos(), task);
    }

    @Override
    public CompletableFuture<ReadMark> markRead(String conversation, long upToSequence, long inboxSequence) {
        PendingRequest.Doing<ReadMark> marking = new PendingRequest.Doing<>(
                Request.newBuilder()
                        .setMarkRead(MarkRead.newBuilder()
                                .setConversation(conversation)
                                .setUpToSequence(upToSequence))
                        .build(),
                requestDeadline(),
                ReadMark::new);
        outbox.addAfter(marking, inboxSequence);
        wake();
        return marking.future();
    }

    /** Completes once nothing is unsettled and everything handled is confirmed. Any thread. */
    public CompletableFuture<Void> drained() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread.execute(() -> {
            drainers.add(done);
            drain();
        });
        return done;
    }

    /** Begins to end the session; completes when it is over, within about a second. Any thread. Idempotent. */
    public CompletableFuture<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            thread.execute(this::sayGoodbye);
        }
        return closed;
    }

    /** When a request that is made now is overdue, in the platform's nanoseconds. Any thread. */
    public long requestDeadline() {
        return now() + settings.requestTimeout().toNanos();
    }

    private long now() {
        return platform.nanoTime().getAsLong();
    }

    private Optional<LiveStream> liveStream() {
        return state instanceof SessionState.Live live ? Optional.of(live.stream()) : Optional.empty();
    }

    private void drain() {
        wakeScheduled.set(false);
        liveStream().ifPresent(stream -> {
            stream.subscribe();
            stream.drain();
        });
        if (!drainers.isEmpty()
                && outbox.unsettled() == 0
                && liveStream().map(LiveStream::isConfirmed).orElse(false)) {
            List.copyOf(drainers).forEach(done -> done.complete(null));
            drainers.clear();
        }
    }

    private void tick() {
        outbox.expire(now());
        queries.expire();
        liveStream().ifPresent(LiveStream::tick);
        if (!drainers.isEmpty()) {
            drain();
        }
        boolean busy = outbox.unsettled() > 0 || search.isActive() || !drainers.isEmpty();
        thread.schedule(SilenceWatch.tickNanos(settings.ackTimeout().toNanos(), busy), this::tick);
    }

    @Override
    public void comeBack(long nanos) {
        if (nanos == 0) {
            wake();
        } else if (!flushScheduled) {
            flushScheduled = true;
            thread.schedule(nanos, () -> {
                flushScheduled = false;
                Inbox deliveries = inbox;
                if (deliveries != null) {
                    deliveries.ackScheduled(false);
                }
                drain();
            });
        }
    }

    @Override
    public boolean wantsLeader(String address) {
        if (state instanceof SessionState.Searching) {
            return true;
        }
        if (state instanceof SessionState.Live live && live.stream().isDoubtful()) {
            live.stream().connection().close();
            lost(new PeerLinkException(
                    ErrorCode.UNAVAILABLE, "the leader is silent and " + address + " answers in its place", "", true));
            return true;
        }
        return false;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public void onIncarnationForgotten() {
        LOGGER.warn(
                "the routers forgot incarnation {} of {}",
                incarnation,
                settings.identity().name());
        incarnation = 0;
    }

    @Override
    public void onAttached(Connection connection, String clusterId, Attached reply) {
        Inbox deliveries = inbox;
        if (deliveries == null) {
            return;
        }
        if (reply.getIncarnation() == incarnation) {
            outbox.rewind();
        } else {
            outbox.startIncarnation();
            incarnation = reply.getIncarnation();
        }
        LiveStream stream = new LiveStream(
                connection,
                clusterId,
                reply,
                new LiveStream.Parts(outbox, deliveries, this, platform.nanoTime()),
                settings.ackTimeout().toNanos());
        connection.handTo(stream);
        Attachment now = Handshake.attachment(settings.identity().name(), connection.address(), clusterId, reply);
        attachment = now;
        attachedNanos = now();
        state = new SessionState.Live(stream);
        LOGGER.info("attached {} to {} term {}", now.peer(), now.router(), now.term());
        deliveries.ackScheduled(false);
        stream.subscribe();
        drain();
        queries.retryAll();
        listener.onEvent(new ConnectionEvent.Attached(now));
        attached.complete(now);
    }

    @Override
    public void onLost(LiveStream stream, PeerLinkException why, String leaderAddress) {
        if (!(state instanceof SessionState.Live live) || live.stream() != stream) {
            return;
        }
        if (closing.get()) {
            finishClose();
            return;
        }
        if (why.code() == ErrorCode.SESSION_REPLACED) {
            onRefused(why);
            return;
        }
        gaps = why.code() == ErrorCode.SEQUENCE_GAP ? gaps + 1 : gaps;
        if (gaps > GAPS_MAX) {
            gaps = 0;
            onIncarnationForgotten();
        }
        lost(why);
        // A stream that ends right after each attach must not become a loop at full speed.
        quickLosses = now() - attachedNanos < QUICK_NANOS ? quickLosses + 1 : 0;
        if (quickLosses <= 1) {
            search.start(leaderAddress);
        } else {
            // A probe beside the lost stream leaves out its router, which may be the leader still.
            search.stop();
            thread.schedule(
                    Backoff.delayNanos(
                            quickLosses * QUICK_NANOS / 8, platform.chance().getAsDouble()),
                    () -> {
                        if (state instanceof SessionState.Searching && !search.isActive()) {
                            search.start(leaderAddress);
                        }
                    });
        }
    }

    private void lost(PeerLinkException why) {
        LOGGER.info("{} lost its leader: {}", settings.identity().name(), why.getMessage());
        state = new SessionState.Searching();
        attached = new CompletableFuture<>();
        listener.onEvent(new ConnectionEvent.Lost(why.getMessage() == null ? "" : why.getMessage()));
        listener.onEvent(new ConnectionEvent.Connecting());
    }

    @Override
    public void onRefused(PeerLinkException error) {
        liveStream().ifPresent(stream -> stream.connection().close());
        state = new SessionState.Refused(error);
        search.stop();
        outbox.close(error);
        queries.close(error);
        listener.onEvent(new ConnectionEvent.Refused(error));
        failAttached(error);
        if (closing.get()) {
            finishClose();
        }
    }

    private void failAttached(PeerLinkException error) {
        if (attached.isDone()) {
            attached = CompletableFuture.failedFuture(error);
        } else {
            attached.completeExceptionally(error);
        }
    }

    @Override
    public void onProgress() {
        gaps = 0;
        drain();
    }

    @Override
    public void onDoubt(LiveStream stream, boolean doubtful) {
        if (doubtful) {
            search.probe(stream.connection().address());
        } else if (search.isActive() && state instanceof SessionState.Live) {
            search.stop();
        }
    }

    @Override
    public void onRouterError(PeerLinkException error) {
        listener.onError(error);
    }

    private void sayGoodbye() {
        if (state instanceof SessionState.Live live) {
            live.stream().detach();
            thread.schedule(Math.min(GOODBYE_NANOS_MAX, settings.ackTimeout().toNanos()), this::finishClose);
        } else {
            finishClose();
        }
    }

    private void finishClose() {
        if (state instanceof SessionState.Closed) {
            return;
        }
        PeerLinkException error = new PeerLinkException(ErrorCode.CLIENT_CLOSED, "this client was closed", "", false);
        liveStream().ifPresent(stream -> stream.connection().close());
        state = new SessionState.Closed(error);
        search.stop();
        outbox.close(error);
        queries.close(error);
        drainers.forEach(done -> done.completeExceptionally(error));
        failAttached(error);
        listener.onEvent(new ConnectionEvent.Closed());
        thread.stop();
        closed.complete(null);
    }
}
