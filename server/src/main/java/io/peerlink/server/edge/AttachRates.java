package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.github.bucket4j.TimeMeter;
import io.peerlink.server.config.ServerConfig.Limits;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.LogUnavailableException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How fast each peer may attach, and each address under names that are not registered with the key that is shown: each attach takes a
 * place in the log, on the disks of all routers, whether it registers the name or is refused. A peer is not charged for those who only
 * know its name. Any thread but an event loop.
 */
public final class AttachRates {
    private final LinearizableReads state;
    private final KeyedRates<InetAddress> registrations;
    private final KeyedRates<String> sessions;

    public AttachRates(Limits limits, LinearizableReads state) {
        this(limits, state, TimeMeter.SYSTEM_NANOTIME);
    }

    /**
     * @param clock monotonic
     */
    AttachRates(Limits limits, LinearizableReads state, TimeMeter clock) {
        this.state = state;
        this.registrations = new KeyedRates<>(limits.registrationsPerSecond(), clock);
        this.sessions = new KeyedRates<>(limits.sessionsPerSecond(), clock);
    }

    /**
     * Whether an attach may go to the log, and then it is noted; or the rate that it goes beyond. What is registered is read from what
     * this router has applied: a leader has applied all that it acknowledged.
     *
     * @param remote the other end of its connection; null: not of the network, never limited
     */
    Optional<AttachLimit> admit(@Nullable SocketAddress remote, String name, ByteString publicKey) {
        InetAddress address = NetworkAddress.of(remote);
        if (address == null || (registrations.isUnlimited() && sessions.isUnlimited())) {
            return Optional.empty();
        }
        if (isRegistered(name, publicKey)) {
            return sessions.take(name) ? Optional.empty() : Optional.of(AttachLimit.SESSIONS);
        }
        return registrations.take(address) ? Optional.empty() : Optional.of(AttachLimit.REGISTRATIONS);
    }

    private boolean isRegistered(String name, ByteString publicKey) {
        try {
            return state.read(view -> view.peerKeys(name)
                    .filter(keys -> keys.identityKey().equals(publicKey))
                    .isPresent());
        } catch (LogUnavailableException e) {
            // Nothing can get into the log, which is what this attach will be told.
            return true;
        }
    }
}
