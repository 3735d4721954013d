package io.peerlink.server.edge;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whom limits for an address hold for. */
final class NetworkAddress {
    private NetworkAddress() {}

    /** Of the other end of a connection; null if that is none of the internet, as in simulations. */
    static @Nullable InetAddress of(@Nullable SocketAddress remote) {
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
}
