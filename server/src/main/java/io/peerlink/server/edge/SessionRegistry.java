package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.ErrorCode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The sessions that are attached to this router. Thread-safe; bounded by {@code limits.sessions}. */
public final class SessionRegistry {
    private final int sessionsMax;
    private final RandomGenerator random;
    private final ConcurrentHashMap<String, PeerStream> byToken = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SessionKey, PeerStream> byKey = new ConcurrentHashMap<>();

    /** A session's identity in the state machine. */
    record SessionKey(String peer, long incarnation) {}

    /**
     * @param random makes the tokens, so it must be unpredictable; any thread
     */
    public SessionRegistry(int sessionsMax, RandomGenerator random) {
        this.sessionsMax = sessionsMax;
        this.random = random;
    }

    boolean hasRoom() {
        return byToken.size() < sessionsMax;
    }

    /**
     * Adds a session; an older stream of the same incarnation (half dead, most likely) is ended.
     *
     * @return the token for its unary calls
     */
    String add(SessionKey key, PeerStream stream) {
        ByteString bytes = AttachProof.randomBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
        byToken.put(token, stream);
        PeerStream older = byKey.put(key, stream);
        if (older != null) {
            older.end(ErrorMapper.error(
                    ErrorCode.SESSION_REPLACED, "another connection resumed this incarnation", "do not reconnect"));
        }
        return token;
    }

    void remove(SessionKey key, String token, PeerStream stream) {
        byToken.remove(token, stream);
        byKey.remove(key, stream);
    }

    /** The peer that holds this token, if its session is attached here. */
    Optional<String> peerOf(@Nullable String token) {
        PeerStream stream = token == null ? null : byToken.get(token);
        return stream == null ? Optional.empty() : stream.peer();
    }

    public int size() {
        return byToken.size();
    }

    /** Sends everybody away. */
    public void goAway(String reason, Optional<String> leaderAddress) {
        List.copyOf(byToken.values()).forEach(stream -> stream.goAway(reason, leaderAddress));
    }
}
