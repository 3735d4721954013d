package io.peerlink.client.session;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.inbox.CursorAcker;
import io.peerlink.client.inbox.Inbox;
import io.peerlink.client.outbox.Outbox;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Credit;
import io.peerlink.protocol.v1.CursorAck;
import io.peerlink.protocol.v1.Detach;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Outcomes;
import io.peerlink.protocol.v1.Ping;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.RouterFrame;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What flows while attached: requests and confirmations out, outcomes and deliveries in. It ends with its connection; the
 * session makes a new one. Session thread only.
 */
final class LiveStream implements Connection.Events {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveStream.class);
    /** After so many frames other tasks of the session thread get their turn. */
    private static final int FRAMES_PER_TURN = 16;
    /** Refusals that leave the request unsettled: the same sequence must go out again. */
    private static final Set<ErrorCode> RESEND = EnumSet.of(
            ErrorCode.SEQUENCE_GAP, ErrorCode.OUTCOME_UNKNOWN, ErrorCode.NOT_LEADER, ErrorCode.SHUTTING_DOWN);

    /** Whom the stream tells; same thread. */
    interface Owner {
        /** The stream is of no more use. */
        void onLost(LiveStream stream, PeerLinkException why, String leaderAddress);

        /** Outcomes came. */
        void onProgress();

        /** The leader is suspiciously silent ({@code true}), or is heard again. */
        void onDoubt(LiveStream stream, boolean doubtful);

        /** The router reported an error and goes on. */
        void onRouterError(PeerLinkException error);

        /** Looks here again soon: at once, or after some nanoseconds to flush confirmations. */
        void comeBack(long nanos);
    }

    private final Connection connection;
    private final String clusterId;
    private final Attached attached;
    private final Outbox outbox;
    private final Inbox inbox;
    private final Owner owner;
    private final LongSupplier nanoTime;
    private final CursorAcker acker;
    private final SilenceWatch watch;
    private final int unsettledMax;
    private boolean subscribed;
    private boolean doubtful;
    private long pings;

    LiveStream(Connection connection, String clusterId, Attached attached, Parts parts, long ackTimeoutNanos) {
        this.connection = connection;
        this.clusterId = clusterId;
        this.attached = attached;
        this.outbox = parts.outbox();
        this.inbox = parts.inbox();
        this.owner = parts.owner();
        this.nanoTime = parts.nanoTime();
        long now = nanoTime.getAsLong();
        this.acker = new CursorAcker(attached.getCursor(), now);
        this.watch = new SilenceWatch(ackTimeoutNanos, now);
        this.unsettledMax = Math.max(1, attached.getUnsettledRequestsMax());
    }

    /**
     * What a stream works on.
     *
     * @param outbox what goes out
     * @param inbox what comes in
     * @param owner whom it tells
     * @param nanoTime the time
     */
    record Parts(Outbox outbox, Inbox inbox, Owner owner, LongSupplier nanoTime) {}

    Connection connection() {
        return connection;
    }

    String clusterId() {
        return clusterId;
    }

    String sessionToken() {
        return attached.getSessionToken();
    }

    /** Subscribes if wanted and not done yet. Before any request, since a mark-read may need the confirmation. */
    void subscribe() {
        if (!subscribed && inbox.isSubscribed()) {
            subscribed = true;
            send(ClientFrame.newBuilder().setSubscribe(inbox.subscribeFrame(clusterId, attached.getHead())));
        }
    }

    /** Sends what waits, as far as the stream takes it. */
    void drain() {
        flushConfirmations(nanoTime.getAsLong(), false);
        for (int i = 0; connection.isReady(); i++) {
            if (i == FRAMES_PER_TURN) {
                owner.comeBack(0);
                return;
            }
            Optional<Requests> frame = outbox.nextFrame(unsettledMax);
            if (frame.isEmpty()) {
                return;
            }
            send(ClientFrame.newBuilder().setRequests(frame.get()));
        }
    }

    private void flushConfirmations(long now, boolean force) {
        if (!subscribed) {
            return;
        }
        int credit = inbox.takeCredit();
        if (credit > 0 && !force) {
            send(ClientFrame.newBuilder().setCredit(Credit.newBuilder().setDeliveries(credit)));
        }
        if (!inbox.mayConfirm()) {
            return;
        }
        long confirmed = inbox.confirmed();
        if (acker.isBehind(confirmed)) {
            long wait = acker.waitNanos(now);
            if (!force && wait > 0) {
                inbox.ackScheduled(true);
                owner.comeBack(wait);
                return;
            }
            if (!force && !connection.isReady()) {
                return;
            }
            send(ClientFrame.newBuilder().setCursorAck(CursorAck.newBuilder().setInboxSequence(confirmed)));
            acker.sent(confirmed, now);
        }
        outbox.releaseUpTo(confirmed);
    }

    /** Whether everything handled was confirmed on this stream. */
    boolean isConfirmed() {
        return !subscribed || !inbox.mayConfirm() || !acker.isBehind(inbox.confirmed());
    }

    /** Says goodbye; the router answers what is outstanding and ends the stream. */
    void detach() {
        flushConfirmations(nanoTime.getAsLong(), true);
        send(ClientFrame.newBuilder().setDetach(Detach.newBuilder().setForgetIncarnation(outbox.unsettled() == 0)));
        connection.finish();
    }

    /** Looks after the leader's silence; every few milliseconds. */
    void tick() {
        long now = nanoTime.getAsLong();
        boolean doubtfulNow = false;
        switch (watch.judge(now, connection.heardNanos(), outbox.onStream() > 0)) {
            case FINE -> {}
            case PING -> {
                watch.pinged(now);
                pings++;
                send(ClientFrame.newBuilder().setPing(Ping.newBuilder().setNonce(pings)));
                doubtfulNow = doubtful;
            }
            case PROBE -> doubtfulNow = true;
            case LEAVE -> {
                lose(new PeerLinkException(ErrorCode.UNAVAILABLE, "the leader is silent", "", true), "");
                return;
            }
        }
        if (doubtful != doubtfulNow) {
            doubtful = doubtfulNow;
            owner.onDoubt(this, doubtful);
        }
    }

    boolean isDoubtful() {
        return doubtful;
    }

    private void send(ClientFrame.Builder frame) {
        connection.send(frame.build());
    }

    private void lose(PeerLinkException why, String leaderAddress) {
        connection.close();
        owner.onLost(this, why, leaderAddress);
    }

    /** The router did what none may; another one, or the next stream, may do better. */
    private void violated(String what) {
        lose(new PeerLinkException(ErrorCode.PROTOCOL_VIOLATION, what, "", true), "");
    }

    @Override
    public void onFrame(Connection from, RouterFrame frame) {
        switch (frame.getKindCase()) {
            case OUTCOMES -> onOutcomes(frame.getOutcomes());
            case DELIVERIES -> {
                if (inbox.receive(frame.getDeliveries())) {
                    flushConfirmations(nanoTime.getAsLong(), false);
                } else {
                    violated("deliveries that cannot be");
                }
            }
            case ERROR -> {
                PeerLinkException error = ErrorMapper.of(frame.getError());
                if (error.code() == ErrorCode.CURSOR_BEYOND_HEAD || error.code() == ErrorCode.NOT_SUBSCRIBED) {
                    owner.onRouterError(error);
                } else {
                    lose(error, frame.getError().getLeaderAddress());
                }
            }
            case GOING_AWAY ->
                lose(
                        new PeerLinkException(
                                ErrorCode.SHUTTING_DOWN,
                                "the router is going away: "
                                        + frame.getGoingAway().getReason(),
                                "",
                                true),
                        frame.getGoingAway().getLeaderAddress());
            case PONG -> {}
            case CHALLENGE, ATTACHED, KIND_NOT_SET -> LOGGER.debug("unexpected frame {}", frame.getKindCase());
        }
    }

    private void onOutcomes(Outcomes outcomes) {
        for (OutcomeRun run : outcomes.getRunsList()) {
            PeerLinkException refusal = run.hasRefused() ? ErrorMapper.of(run.getRefused()) : null;
            if (refusal != null && RESEND.contains(refusal.code())) {
                // Resending on a fresh stream keeps one rule for all: everything unsettled, in order, from the lowest.
                lose(refusal, run.getRefused().getLeaderAddress());
                return;
            }
            if (!outbox.settle(run, refusal)) {
                violated("outcomes do not match the requests");
                return;
            }
        }
        watch.progressed(nanoTime.getAsLong());
        owner.onProgress();
    }

    @Override
    public void onReady(Connection from) {
        owner.comeBack(0);
    }

    @Override
    public void onEnd(Connection from, PeerLinkException why) {
        owner.onLost(this, why, "");
    }
}
