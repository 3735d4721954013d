package io.peerlink.client.session;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.RouterFrame;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the leader: says Hello to all known servers at once; a leader answers with a Challenge, and so does, saying so, a router
 * that may be about to lead. The first one gets our Attach, unless a leader comes behind one that is undecided. Others that
 * challenge too (an old leader that does not know yet) are kept in reserve for the case that the first refuses or never
 * answers. Rounds repeat with {@link Backoff} for servers that refused; one that hangs delays nobody.
 *
 * <p>While a stream is suspicious but not given up, the search runs as a <i>probe</i> beside it: its owner is asked before
 * anything is attached, and nothing is given up for a router that is undecided: it may be cut off from a good leader. Session
 * thread only. Bound: {@value #CANDIDATES_MAX} streams.
 */
final class LeaderSearch implements Connection.Events {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderSearch.class);
    private static final int CANDIDATES_MAX = 8;
    /** RFC 8305 (Happy Eyeballs) recommends as much. */
    private static final long HINT_HEAD_START_NANOS = 250_000_000;

    /** What another attempt cannot change. */
    private static final Set<ErrorCode> DEFINITE = EnumSet.of(
            ErrorCode.PROTOCOL_VIOLATION,
            ErrorCode.UNSUPPORTED_VERSION,
            ErrorCode.BAD_SIGNATURE,
            ErrorCode.WRONG_KEY,
            ErrorCode.NOT_REGISTERED,
            ErrorCode.NAME_TAKEN,
            ErrorCode.REGISTRATION_CLOSED,
            ErrorCode.INVITE_NEEDED,
            ErrorCode.INVITE_INVALID,
            ErrorCode.SESSION_REPLACED,
            ErrorCode.BAD_KEY,
            ErrorCode.BAD_NAME);

    /** Whom the search works for. */
    interface Owner {
        /** Whether a leader is wanted (still); called before Attach is sent. */
        boolean wantsLeader(String address);

        /** The incarnation to go on with; 0 for a new one. */
        long incarnation();

        /** The router does not know that incarnation. */
        void onIncarnationForgotten();

        /** Attached; the search is over and the connection is the owner's. */
        void onAttached(Connection connection, String clusterId, Attached attached);

        /** Refused for good; the search is over. */
        void onRefused(PeerLinkException error);
    }

    private static final class Candidate {
        private final Connection connection;
        private final long openedNanos;
        private @Nullable Challenge challenge;
        private long attachNanos;

        Candidate(Connection connection, long openedNanos) {
            this.connection = connection;
            this.openedNanos = openedNanos;
        }

        /** Whether it has challenged, not knowing whether it will lead. */
        boolean isUndecided() {
            return challenge != null && challenge.getUndecided();
        }
    }

    private final SessionSettings settings;
    private final SessionThread thread;
    private final Owner owner;
    private final Platform platform;
    private final Handshake handshake;
    private final EndpointSelector endpoints;
    private final Map<String, Candidate> candidates = new LinkedHashMap<>();
    /** Who dropped out since the last round: two that point at each other must not send us to and fro at full speed. */
    private final Set<String> refusedThisRound = new HashSet<>();

    private final Distrusted distrusted = new Distrusted();

    private @Nullable Candidate attaching;
    private @Nullable Future<?> timer;
    private @Nullable String except;
    private boolean active;
    private boolean headStart;
    private boolean heardThisRound;
    private long startedNanos;
    private String clusterId = "";
    private long termSeen;
    private volatile String lastFailure = "no server answered yet";

    LeaderSearch(SessionSettings settings, SessionThread thread, Owner owner, Platform platform) {
        this.settings = settings;
        this.thread = thread;
        this.owner = owner;
        this.platform = platform;
        this.handshake = new Handshake(settings);
        this.endpoints = new EndpointSelector(settings.servers(), settings.trust()::followsTo);
    }

    /**
     * Searches everywhere. A server that was named as the leader gets a head start, until it refuses: it may be about to take
     * over, and connections to all the others would cost the very processors that it needs for that.
     */
    void start(String leaderAddress) {
        begin(leaderAddress, null);
    }

    private void begin(String leaderAddress, @Nullable String excluded) {
        except = excluded;
        startedNanos = platform.nanoTime().getAsLong();
        active = true;
        heardThisRound = false;
        refusedThisRound.clear();
        distrusted.clear();
        endpoints.hint(leaderAddress);
        Optional<String> hint = endpoints.hint();
        if (hint.isPresent()) {
            headStart = true;
            openIfAbsent(hint.get());
            schedule(HINT_HEAD_START_NANOS);
        } else {
            round();
        }
    }

    /** Looks beside a stream to {@code address} that is in doubt. No effect if a search runs. */
    void probe(String address) {
        if (!active) {
            begin("", address);
        }
    }

    private boolean isProbe() {
        return except != null;
    }

    /** Whether a search or a probe runs. */
    boolean isActive() {
        return active;
    }

    /** Ends the search and drops all its streams. */
    void stop() {
        active = false;
        attaching = null;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        candidates.values().forEach(candidate -> candidate.connection.close());
        candidates.clear();
    }

    /** Why no leader was found so far, for people. Any thread. */
    String lastFailure() {
        return lastFailure;
    }

    private void schedule(long nanos) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = thread.after(nanos, this::round);
    }

    private void round() {
        if (!active) {
            return;
        }
        headStart = false;
        heardThisRound = false;
        refusedThisRound.clear();
        long now = platform.nanoTime().getAsLong();
        dropOverdue(now);
        endpoints.order().forEach(this::openIfAbsent);
        schedule(Backoff.delayNanos(now - startedNanos, platform.chance().getAsDouble()));
    }

    private void dropOverdue(long now) {
        long attachLimit = Math.max(2 * settings.ackTimeout().toNanos(), 3_000_000_000L);
        // A connect that began into a cut network repeats its SYN at growing intervals; a fresh one is faster.
        long connectLimit = Math.min(
                settings.connectTimeout().toNanos(),
                Math.max(settings.ackTimeout().toNanos(), 2_000_000_000L));
        for (Candidate candidate : List.copyOf(candidates.values())) {
            boolean isAttaching = candidate == attaching;
            long since = isAttaching ? candidate.attachNanos : candidate.openedNanos;
            long limit = isAttaching ? attachLimit : connectLimit;
            if (now - since > limit) {
                lastFailure = candidate.connection.address() + " did not answer in time";
                drop(candidate);
            }
        }
        Candidate slow = attaching;
        if (slow != null && now - slow.attachNanos > settings.ackTimeout().toNanos() / 2) {
            reserve().ifPresent(next -> {
                drop(slow);
                attach(next);
            });
        }
        if (attaching == null) {
            reserve().ifPresent(this::attach);
        }
    }

    private Optional<Candidate> reserve() {
        return candidates.values().stream()
                .filter(candidate -> candidate != attaching && candidate.challenge != null)
                .min(Comparator.comparing(Candidate::isUndecided)
                        .thenComparing(
                                candidate -> !endpoints.hint().equals(Optional.of(candidate.connection.address()))));
    }

    private void openIfAbsent(String address) {
        if (active
                && !candidates.containsKey(address)
                && !distrusted.contains(address)
                && candidates.size() < CANDIDATES_MAX
                && !address.equals(except)) {
            Candidate candidate = new Candidate(
                    new Connection(address, thread, this, platform),
                    platform.nanoTime().getAsLong());
            candidates.put(address, candidate);
            candidate.connection.open(handshake.hello());
        }
    }

    private void drop(@Nullable Candidate candidate) {
        if (candidate != null) {
            candidate.connection.close();
            candidates.remove(candidate.connection.address(), candidate);
            refusedThisRound.add(candidate.connection.address());
            if (attaching == candidate) {
                attaching = null;
            }
        }
    }

    @Override
    public void onFrame(Connection connection, RouterFrame frame) {
        Candidate candidate = candidates.get(connection.address());
        if (candidate == null || candidate.connection != connection) {
            return;
        }
        heardThisRound = true;
        switch (frame.getKindCase()) {
            case CHALLENGE -> onChallenge(candidate, frame.getChallenge());
            case ATTACHED -> onAttached(candidate, frame.getAttached());
            case ERROR -> onError(candidate, frame.getError());
            case GOING_AWAY -> {
                drop(candidate);
                followHint(frame.getGoingAway().getLeaderAddress());
            }
            case OUTCOMES, DELIVERIES, PONG, KIND_NOT_SET -> LOGGER.debug("early frame {}", frame.getKindCase());
        }
    }

    private void onChallenge(Candidate candidate, Challenge challenge) {
        if (!clusterId.isEmpty() && !clusterId.equals(challenge.getClusterId())) {
            refuse(new PeerLinkException(
                    ErrorCode.CLUSTER_CHANGED,
                    candidate.connection.address() + " belongs to cluster " + challenge.getClusterId()
                            + ", this client began with " + clusterId,
                    "If the cluster was set up anew, start the client again.",
                    false));
            return;
        }
        candidate.challenge = challenge;
        if (isProbe() && candidate.isUndecided()) {
            // Asked again in the next round.
            drop(candidate);
            return;
        }
        if (attaching != null && attaching.isUndecided() && !candidate.isUndecided()) {
            drop(attaching);
        }
        if (attaching == null) {
            attach(candidate);
        }
    }

    private void attach(Candidate candidate) {
        Challenge challenge = candidate.challenge;
        if (challenge == null) {
            return;
        }
        if (!owner.wantsLeader(candidate.connection.address())) {
            stop();
            return;
        }
        except = null;
        attaching = candidate;
        candidate.attachNanos = platform.nanoTime().getAsLong();
        candidate.connection.send(handshake.attach(challenge, candidate.connection.certificate(), owner.incarnation()));
    }

    private void onAttached(Candidate candidate, Attached attached) {
        Challenge challenge = candidate.challenge;
        if (candidate != attaching || challenge == null) {
            drop(candidate);
            return;
        }
        if (attached.getTerm() < termSeen) {
            lastFailure = candidate.connection.address() + " is a leader of the past";
            drop(candidate);
            reserve().ifPresent(this::attach);
            return;
        }
        termSeen = attached.getTerm();
        clusterId = challenge.getClusterId();
        endpoints.learn(attached.getRouterAddressesList());
        candidates.remove(candidate.connection.address());
        stop();
        owner.onAttached(candidate.connection, clusterId, attached);
    }

    private void onError(Candidate candidate, Error error) {
        PeerLinkException failure = ErrorMapper.of(error);
        lastFailure = candidate.connection.address() + ": " + failure.code() + " " + failure.getMessage();
        drop(candidate);
        if (failure.code() == ErrorCode.UNKNOWN_INCARNATION && owner.incarnation() != 0) {
            owner.onIncarnationForgotten();
            openIfAbsent(candidate.connection.address());
        } else if (DEFINITE.contains(failure.code())) {
            refuse(failure);
        } else {
            followHint(error.getLeaderAddress());
        }
    }

    private void followHint(String leaderAddress) {
        endpoints.hint(leaderAddress);
        endpoints.hint().filter(address -> !refusedThisRound.contains(address)).ifPresent(this::openIfAbsent);
        tryOthers();
    }

    /** After a candidate dropped out. */
    private void tryOthers() {
        if (headStart) {
            round();
        }
        if (attaching == null) {
            reserve().ifPresent(this::attach);
        }
        if (active && !isProbe()) {
            distrusted
                    .verdict(endpoints.hint(), heardThisRound || !candidates.isEmpty())
                    .ifPresent(this::refuse);
        }
    }

    private void refuse(PeerLinkException error) {
        stop();
        owner.onRefused(error);
    }

    @Override
    public void onReady(Connection connection) {
        // Hello and Attach are small; nothing waits for this.
    }

    @Override
    public void onEnd(Connection connection, PeerLinkException why) {
        Candidate candidate = candidates.get(connection.address());
        if (candidate != null && candidate.connection == connection) {
            lastFailure = connection.address() + ": " + why.getMessage();
            drop(candidate);
            distrusted.note(connection.address(), why);
            tryOthers();
        }
    }
}
