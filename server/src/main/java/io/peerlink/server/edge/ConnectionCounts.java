package io.peerlink.server.edge;

import io.github.bucket4j.TimeMeter;
import io.peerlink.server.config.ServerConfig.Connections;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many connections each address has, how many of them without an attached session (strangers, so far), and how fast it makes new
 * ones. Bounded by the connections that are open, and {@link KeyedRates}. Any thread; the lock is held for a few steps.
 */
public final class ConnectionCounts {
    private final Connections limits;
    private final KeyedRates<InetAddress> rates;
    private final Map<InetAddress, Set<SocketAddress>> open = new HashMap<>();
    private final Map<InetAddress, Set<SocketAddress>> attached = new HashMap<>();

    public ConnectionCounts(Connections limits) {
        this(limits, TimeMeter.SYSTEM_NANOTIME);
    }

    /**
     * @param clock monotonic
     */
    ConnectionCounts(Connections limits, TimeMeter clock) {
        this.limits = limits;
        this.rates = new KeyedRates<>(limits.newPerSecond(), clock);
    }

    /** Notes a new connection; or says why its address may not have it, and then nothing is noted. */
    synchronized Optional<TurnedAway> admit(SocketAddress remote) {
        InetAddress address = NetworkAddress.of(remote);
        if (address == null) {
            return Optional.empty();
        }
        int total = size(open, address);
        if (total >= limits.perAddress() || total - size(attached, address) >= limits.unattachedPerAddress()) {
            return Optional.of(TurnedAway.TOO_MANY);
        }
        if (!rates.take(address)) {
            return Optional.of(TurnedAway.TOO_FAST);
        }
        open.computeIfAbsent(address, any -> new HashSet<>()).add(remote);
        return Optional.empty();
    }

    /** Notes that a session is attached on the connection. */
    synchronized void attached(@Nullable SocketAddress remote) {
        InetAddress address = NetworkAddress.of(remote);
        if (remote != null
                && address != null
                && open.getOrDefault(address, Set.of()).contains(remote)) {
            attached.computeIfAbsent(address, any -> new HashSet<>()).add(remote);
        }
    }

    /** Notes that the connection is gone. */
    synchronized void closed(SocketAddress remote) {
        InetAddress address = NetworkAddress.of(remote);
        if (address != null) {
            remove(open, address, remote);
            remove(attached, address, remote);
        }
    }

    /**
     * Notes that the connection was closed for what it brought. That costs its address half a second's worth of new connections: one
     * that is made again at once would begin with a full allowance again.
     */
    void misbehaved(SocketAddress remote) {
        InetAddress address = NetworkAddress.of(remote);
        if (address != null) {
            rates.charge(address);
        }
    }

    /** Whether no session is attached on the connection. */
    synchronized boolean isStranger(SocketAddress remote) {
        InetAddress address = NetworkAddress.of(remote);
        return address == null || !attached.getOrDefault(address, Set.of()).contains(remote);
    }

    /** Open connections of all addresses. */
    synchronized int size() {
        return open.values().stream().mapToInt(Set::size).sum();
    }

    private static int size(Map<InetAddress, Set<SocketAddress>> connections, InetAddress address) {
        return connections.getOrDefault(address, Set.of()).size();
    }

    private static void remove(
            Map<InetAddress, Set<SocketAddress>> connections, InetAddress address, SocketAddress remote) {
        connections.computeIfPresent(address, (any, there) -> {
            there.remove(remote);
            return there.isEmpty() ? null : there;
        });
    }
}
