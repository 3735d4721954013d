package io.peerlink.server.edge;

import io.peerlink.server.config.ServerConfig.Connections;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many connections each address has, and how many of them without an attached session: strangers, so far. Bounded by the
 * connections that are open. Any thread; the lock is held for a few steps.
 */
public final class ConnectionCounts {
    private final Connections limits;
    private final Map<InetAddress, Set<SocketAddress>> open = new HashMap<>();
    private final Map<InetAddress, Set<SocketAddress>> attached = new HashMap<>();

    public ConnectionCounts(Connections limits) {
        this.limits = limits;
    }

    /** Notes a new connection; false if its address has as many as it may have, and then nothing is noted. */
    synchronized boolean admit(SocketAddress remote) {
        InetAddress address = address(remote);
        if (address == null) {
            return true;
        }
        int total = size(open, address);
        if (total >= limits.perAddress() || total - size(attached, address) >= limits.unattachedPerAddress()) {
            return false;
        }
        open.computeIfAbsent(address, any -> new HashSet<>()).add(remote);
        return true;
    }

    /** Notes that a session is attached on the connection. */
    synchronized void attached(@Nullable SocketAddress remote) {
        InetAddress address = address(remote);
        if (remote != null
                && address != null
                && open.getOrDefault(address, Set.of()).contains(remote)) {
            attached.computeIfAbsent(address, any -> new HashSet<>()).add(remote);
        }
    }

    /** Notes that the connection is gone. */
    synchronized void closed(SocketAddress remote) {
        InetAddress address = address(remote);
        if (address != null) {
            remove(open, address, remote);
            remove(attached, address, remote);
        }
    }

    /** Open connections of all addresses. */
    synchronized int size() {
        return open.values().stream().mapToInt(Set::size).sum();
    }

    private static @Nullable InetAddress address(@Nullable SocketAddress remote) {
        InetAddress address = remote instanceof InetSocketAddress internet ? internet.getAddress() : null;
        return address instanceof Inet6Address ? network(address) : address;
    }

    /** Whoever has one IPv6 address has all of its /64, so these count as one (RFC 6177). */
    private static InetAddress network(InetAddress address) {
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
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
