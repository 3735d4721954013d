package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.github.bucket4j.TimeMeter;
import io.peerlink.server.config.ServerConfig.Limits;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.LogUnavailableException;
import java.net.InetAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How fast each address may attach under names that are not registered with the key that is shown: each such attach takes a place in
 * the log, on the disks of all routers, whether it registers the name or is refused. Any thread but an event loop.
 */
public final class Registrations {
    private final LinearizableReads state;
    private final AddressRates rates;

    public Registrations(Limits limits, LinearizableReads state) {
        this(limits, state, TimeMeter.SYSTEM_NANOTIME);
    }

    /**
     * @param clock monotonic
     */
    Registrations(Limits limits, LinearizableReads state, TimeMeter clock) {
        this.state = state;
        this.rates = new AddressRates(limits.registrationsPerSecond(), clock);
    }

    /**
     * Whether an attach may go to the log; notes it if it counts. What is registered is read from what this router has applied: a
     * leader has applied all that it acknowledged.
     *
     * @param remote the other end of its connection; null: not of the network, never limited
     */
    boolean admit(@Nullable SocketAddress remote, String name, ByteString publicKey) {
        InetAddress address = NetworkAddress.of(remote);
        return address == null || rates.isUnlimited() || isRegistered(name, publicKey) || rates.take(address);
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
