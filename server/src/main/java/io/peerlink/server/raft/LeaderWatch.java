package io.peerlink.server.raft;

import io.peerlink.server.config.ServerConfig.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.EarlyElection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices at once that the leader's process ended. A follower keeps an idle TCP connection to the leader's Raft port. When
 * that breaks and the port refuses a new one, nobody listens there: proof that the silence would only confirm later. The
 * follower then forgets the leader and the followers stand for election one after the other, in the order of their ids, so
 * that they do not split the vote. A leader that is cut off or stopped refuses nothing; it is noticed by silence as ever, but
 * not later than one election time-out: Ratis looks only at the end of a sleep of that length, so a silence that began in
 * the middle of one may last for almost two (measured: 1.9 s with 1 s).
 *
 * <p>One thread of its own, which blocks on that connection. At most {@value #ROUNDS} elections are asked for per proof.
 */
final class LeaderWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderWatch.class);
    private static final int LOOK_MS = 50;
    private static final int CONNECT_LIMIT_MS = 1_000;
    /** A process that ends closes its connections and its port one after the other. */
    private static final int REFUSAL_TRIES = 20;

    private static final int REFUSAL_PAUSE_MS = 5;
    /** Time for one candidate: two rounds of votes with an fsync each, on a busy disk. */
    private static final int TURN_MS = 120;

    private static final int ROUNDS = 5;
    /** A watch that did not look for so long was itself held up, and what the leader sent waits to be read. */
    private static final long OWN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Supplier<RaftServer.Division> division;
    private final FellowVoters fellows;
    private final LeaderVoice voice;
    private final Duration silenceMax;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts to watch.
     *
     * @param silenceMax after which a leader counts as gone: the longest election time-out
     */
    LeaderWatch(Supplier<RaftServer.Division> division, FellowVoters fellows, LeaderVoice voice, Duration silenceMax) {
        this.division = division;
        this.fellows = fellows;
        this.voice = voice;
        this.silenceMax = silenceMax;
        this.thread = new Thread(this::run, "leader-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whom this router follows. */
    private record Followed(RaftPeer leader, long term) {}

    private void run() {
        long refusedTerm = -1;
        while (!closed) {
            try {
                Followed followed = followed();
                if (followed != null && followed.term != refusedTerm && isGone(followed)) {
                    // One proof per term: if the others still hear it, its port is closed to us alone.
                    refusedTerm = followed.term;
                    replace(followed);
                } else {
                    Thread.sleep(LOOK_MS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // Silence remains as the way to notice a dead leader; this one must not end for good.
                LOGGER.warn("cannot watch the leader now", e);
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    private @Nullable Followed followed() {
        RaftServer.Division now = division.get();
        RaftPeerId id = now.getInfo().getLeaderId();
        if (!now.getInfo().isFollower() || id == null) {
            return null;
        }
        RaftPeer leader = now.getRaftConf().getPeer(id);
        return leader == null ? null : new Followed(leader, now.getInfo().getCurrentTerm());
    }

    private boolean isCurrent(Followed followed) {
        Followed now = followed();
        return now != null && now.term == followed.term && now.leader.getId().equals(followed.leader.getId());
    }

    /** Returns true once the leader's port refuses connections; false when somebody else is to be watched. */
    private boolean isGone(Followed followed) throws InterruptedException {
        for (int tries = 0; tries < REFUSAL_TRIES && isCurrent(followed); tries++) {
            try (Socket socket = new Socket()) {
                socket.connect(address(followed.leader), CONNECT_LIMIT_MS);
                socket.setSoTimeout(LOOK_MS);
                long begin = System.nanoTime();
                holdWhileCurrent(socket, followed);
                if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(1)) {
                    tries = 0;
                }
            } catch (ConnectException e) {
                return isCurrent(followed);
            } catch (IOException e) {
                LOGGER.debug("connection to the leader broke", e);
            }
            Thread.sleep(REFUSAL_PAUSE_MS);
        }
        return false;
    }

    /** Returns when the connection ends or the leader is another. */
    private void holdWhileCurrent(Socket socket, Followed followed) throws IOException {
        byte[] ignored = new byte[256];
        long followedNanos = System.nanoTime();
        long lookedNanos = followedNanos;
        while (!closed && isCurrent(followed)) {
            fellows.greet(division.get(), followed.leader.getId());
            long now = System.nanoTime();
            if (now - lookedNanos < OWN_PAUSE_NANOS) {
                long heardNanos = voice.heardNanos();
                standIfSilent(followed, now - (heardNanos - followedNanos > 0 ? heardNanos : followedNanos));
            }
            lookedNanos = now;
            try {
                if (socket.getInputStream().read(ignored) < 0) {
                    return;
                }
            } catch (SocketTimeoutException e) {
                // Nothing is ever expected here; time to look whether it still leads.
            }
        }
    }

    private void standIfSilent(Followed followed, long silentNanos) {
        int turn = turn(successors(followed));
        if (turn < 0) {
            // Not a voter (yet).
            return;
        }
        Duration patience = silenceMax.plusMillis((long) TURN_MS * turn);
        RaftPeerId leader = followed.leader.getId();
        if (silentNanos > patience.toNanos() && EarlyElection.stand(division.get(), leader, followed.term)) {
            LOGGER.warn(
                    "leader {} of term {} is silent for over {} ms: stands for election",
                    leader,
                    followed.term,
                    patience.toMillis());
        }
    }

    /** The voters beside a leader, in the order in which they stand. */
    private List<RaftPeerId> successors(Followed followed) {
        return division.get().getRaftConf().getCurrentPeers().stream()
                .map(RaftPeer::getId)
                .filter(id -> !id.equals(followed.leader.getId()))
                .sorted(Comparator.comparing(RaftPeerId::toString))
                .toList();
    }

    private int turn(List<RaftPeerId> successors) {
        return successors.indexOf(division.get().getId());
    }

    private void replace(Followed followed) throws InterruptedException {
        RaftPeerId leader = followed.leader.getId();
        LOGGER.warn("leader {} of term {} is gone: its port is closed", leader, followed.term);
        List<RaftPeerId> voters = successors(followed);
        int turn = turn(voters);
        long lastTerm = followed.term;
        for (int i = 0; i < ROUNDS * voters.size() && !closed; i++) {
            // Entries of the dead leader that were still on their way make it known again.
            EarlyElection.forget(division.get(), leader, followed.term);
            long term = division.get().getInfo().getCurrentTerm();
            // In a term that has just begun somebody was voted for, who is given a turn to say that it leads.
            // Votes that met halfway leave such a term without a leader.
            if (i % voters.size() == turn && term == lastTerm && EarlyElection.stand(division.get(), null, term)) {
                LOGGER.info("stands for election at once");
            }
            lastTerm = term;
            Thread.sleep(TURN_MS);
            if (isSucceeded(followed)) {
                return;
            }
        }
    }

    private boolean isSucceeded(Followed gone) {
        DivisionInfo now = division.get().getInfo();
        return now.getCurrentTerm() != gone.term && now.getLeaderId() != null;
    }

    private static InetSocketAddress address(RaftPeer peer) {
        HostPort address = HostPort.of(peer.getAddress());
        return new InetSocketAddress(address.host(), address.port());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
