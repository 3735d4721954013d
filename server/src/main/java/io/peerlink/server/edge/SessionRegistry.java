package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.server.config.ServerConfig.Limits;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that are attached to this router. Thread-safe; bounded by {@code limits.sessions}, of one peer by
 * {@code limits.sessions-per-peer}; those that attach at the same moment may go a little beyond.
 */
public final class SessionRegistry {
    private final int sessionsMax;
    private final int perPeerMax;
    private final RandomGenerator random;
    private final AtomicLong turns = new AtomicLong();
    private final ConcurrentHashMap<String, PeerStream> byToken = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SessionKey, PeerStream> byKey = new ConcurrentHashMap<>();
    /** How many each has. */
    private final ConcurrentHashMap<String, Integer> byPeer = new ConcurrentHashMap<>();

    /**
     * A session's identity in the state machine. Its hash is written out because the first use of a generated one spins classes,
     * in the moment when a new leader's clients wait.
     */
    record SessionKey(String peer, long incarnation) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SessionKey key && incarnation == key.incarnation && peer.equals(key.peer);
        }

        @Override
        public int hashCode() {
            return 31 * peer.hashCode() + Long.hashCode(incarnation);
        }
    }

    /**
     * @param random makes the tokens, so it must be unpredictable; any thread
     */
    public SessionRegistry(Limits limits, RandomGenerator random) {
        this.sessionsMax = limits.sessions();
        this.perPeerMax = limits.sessionsPerPeer();
        this.random = random;
    }

    boolean hasRoom() {
        return byToken.size() < sessionsMax;
    }

    /** Whether the peer may have one more. */
    boolean hasRoomFor(String peer) {
        return byPeer.getOrDefault(peer, 0) < perPeerMax;
    }

    /** The next place in the order in which this router challenged streams. */
    long nextTurn() {
        return turns.incrementAndGet();
    }

    /**
     * Adds a session. Of two streams of one incarnation the one that was challenged first (half dead, most likely) is ended,
     * whichever attached first: the Attach that a client sent on a connection before it gave that up may still arrive.
     *
     * @return the token for its unary calls; none if the stream was ended
     */
    Optional<String> add(SessionKey key, PeerStream stream) {
        PeerStream other = byKey.putIfAbsent(key, stream);
        while (other != null) {
            if (other.turn() > stream.turn()) {
                stream.end(replaced());
                return Optional.empty();
            }
            if (byKey.replace(key, other, stream)) {
                other.end(replaced());
                break;
            }
            other = byKey.putIfAbsent(key, stream);
        }
        if (other == null && !hasRoomFor(key.peer())) {
            byKey.remove(key, stream);
            stream.end(tooMany());
            return Optional.empty();
        }
        ByteString bytes = AttachProof.randomBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
        byToken.put(token, stream);
        byPeer.merge(key.peer(), 1, Integer::sum);
        return Optional.of(token);
    }

    static Error tooMany() {
        return ErrorMapper.error(
                ErrorCode.TOO_MANY_SESSIONS,
                "this peer has as many sessions as a peer may have",
                "end one, or wait until a lost one is noticed");
    }

    private static Error replaced() {
        return ErrorMapper.error(
                ErrorCode.SESSION_REPLACED, "another connection resumed this incarnation", "do not reconnect");
    }

    void remove(SessionKey key, String token, PeerStream stream) {
        if (byToken.remove(token, stream)) {
            byPeer.computeIfPresent(key.peer(), (any, count) -> count == 1 ? null : count - 1);
        }
        byKey.remove(key, stream);
    }

    /** The session that holds this token, if it is attached here. */
    Optional<SessionKey> sessionOf(String token) {
        PeerStream stream = byToken.get(token);
        return stream == null ? Optional.empty() : stream.session();
    }

    /** The peer that holds this token, if its session is attached here. */
    Optional<String> peerOf(@Nullable String token) {
        PeerStream stream = token == null ? null : byToken.get(token);
        return stream == null ? Optional.empty() : stream.peer();
    }

    /** Ends the sessions of a peer, but for the one with this token. */
    void end(String peer, String exceptToken, Error why) {
        byToken.forEach((token, stream) -> {
            if (!token.equals(exceptToken) && stream.peer().filter(peer::equals).isPresent()) {
                stream.end(why);
            }
        });
    }

    public int size() {
        return byToken.size();
    }

    /** Sends everybody away. */
    public void goAway(String reason, Optional<String> leaderAddress) {
        List.copyOf(byToken.values()).forEach(stream -> stream.goAway(reason, leaderAddress));
    }
}
