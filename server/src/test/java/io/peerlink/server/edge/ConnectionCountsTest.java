package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.server.config.ServerConfig.Connections;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Four connections of an address, two of them strangers'. */
final class ConnectionCountsTest {
    private final ConnectionCounts counts = new ConnectionCounts(
            new Connections(4, 2, 1, 1, 1_024, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)));

    @Test
    void turnsAwayStrangersBeyondTheirNumber() {
        assertThat(counts.admit(from("10.0.0.1", 1))).isTrue();
        assertThat(counts.admit(from("10.0.0.1", 2))).isTrue();
        assertThat(counts.admit(from("10.0.0.1", 3))).isFalse();
        assertThat(counts.admit(from("10.0.0.2", 3))).as("another address").isTrue();
        assertThat(counts.size()).isEqualTo(3);
    }

    @Test
    void countsANetworkOfIpv6AsOneAddress() {
        assertThat(counts.admit(from("2001:db8::1", 1))).isTrue();
        assertThat(counts.admit(from("2001:db8::2", 1))).isTrue();
        assertThat(counts.admit(from("2001:db8::ffff:1", 1))).isFalse();
        assertThat(counts.admit(from("2001:db8:0:1::1", 1)))
                .as("another network")
                .isTrue();
    }

    @Test
    void hasRoomForOthersOnceAStrangerIsKnown() {
        counts.admit(from("10.0.0.1", 1));
        counts.admit(from("10.0.0.1", 2));
        counts.attached(from("10.0.0.1", 1));
        counts.attached(from("10.0.0.1", 1));
        assertThat(counts.admit(from("10.0.0.1", 3))).isTrue();
        assertThat(counts.admit(from("10.0.0.1", 4))).isFalse();
    }

    @Test
    void turnsAwayWhoeverIsBeyondAll() {
        for (int port = 1; port <= 4; port++) {
            assertThat(counts.admit(from("10.0.0.1", port))).isTrue();
            counts.attached(from("10.0.0.1", port));
        }
        assertThat(counts.admit(from("10.0.0.1", 5))).isFalse();

        counts.closed(from("10.0.0.1", 2));
        assertThat(counts.admit(from("10.0.0.1", 5))).isTrue();
    }

    @Test
    void forgetsWhoIsGone() {
        counts.admit(from("10.0.0.1", 1));
        counts.attached(from("10.0.0.1", 1));
        counts.closed(from("10.0.0.1", 1));
        counts.attached(from("10.0.0.1", 1));
        assertThat(counts.size()).isZero();
        counts.admit(from("10.0.0.1", 1));
        counts.admit(from("10.0.0.1", 2));
        assertThat(counts.admit(from("10.0.0.1", 3)))
                .as("the late note counts for nobody")
                .isFalse();
    }

    private static InetSocketAddress from(String address, int port) {
        return new InetSocketAddress(address, port);
    }
}
