package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.server.config.ServerConfig.Connections;
import io.peerlink.server.edge.EdgeFixture.HandClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Four connections of an address, two of them strangers'. */
final class ConnectionCountsTest {
    private final HandClock clock = new HandClock();
    private final ConnectionCounts counts = new ConnectionCounts(limits(4, 2, 0), clock);

    private static Connections limits(int perAddress, int strangers, int newPerSecond) {
        Duration second = Duration.ofSeconds(1);
        return new Connections(perAddress, strangers, newPerSecond, 1, 1, 0, 0, 1_024, second, second, second);
    }

    private static boolean admits(ConnectionCounts by, InetSocketAddress remote) {
        return by.admit(remote).isEmpty();
    }

    @Test
    void turnsAwayStrangersBeyondTheirNumber() {
        assertThat(admits(counts, from("10.0.0.1", 1))).isTrue();
        assertThat(admits(counts, from("10.0.0.1", 2))).isTrue();
        assertThat(admits(counts, from("10.0.0.1", 3))).isFalse();
        assertThat(admits(counts, from("10.0.0.2", 3))).as("another address").isTrue();
        assertThat(counts.size()).isEqualTo(3);
    }

    @Test
    void countsANetworkOfIpv6AsOneAddress() {
        assertThat(admits(counts, from("2001:db8::1", 1))).isTrue();
        assertThat(admits(counts, from("2001:db8::2", 1))).isTrue();
        assertThat(admits(counts, from("2001:db8::ffff:1", 1))).isFalse();
        assertThat(admits(counts, from("2001:db8:0:1::1", 1)))
                .as("another network")
                .isTrue();
    }

    @Test
    void hasRoomForOthersOnceAStrangerIsKnown() {
        counts.admit(from("10.0.0.1", 1));
        counts.admit(from("10.0.0.1", 2));
        counts.attached(from("10.0.0.1", 1));
        counts.attached(from("10.0.0.1", 1));
        assertThat(admits(counts, from("10.0.0.1", 3))).isTrue();
        assertThat(admits(counts, from("10.0.0.1", 4))).isFalse();
    }

    @Test
    void turnsAwayWhoeverIsBeyondAll() {
        for (int port = 1; port <= 4; port++) {
            assertThat(admits(counts, from("10.0.0.1", port))).isTrue();
            counts.attached(from("10.0.0.1", port));
        }
        assertThat(admits(counts, from("10.0.0.1", 5))).isFalse();

        counts.closed(from("10.0.0.1", 2));
        assertThat(admits(counts, from("10.0.0.1", 5))).isTrue();
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
        assertThat(admits(counts, from("10.0.0.1", 3)))
                .as("the late note counts for nobody")
                .isFalse();
    }

    @Test
    void turnsAwayWhoComesTooFast() {
        ConnectionCounts hasty = new ConnectionCounts(limits(100, 100, 1), clock);
        for (int port = 1; port <= 10; port++) {
            assertThat(admits(hasty, from("10.0.0.1", port))).isTrue();
            hasty.closed(from("10.0.0.1", port));
        }
        assertThat(hasty.admit(from("10.0.0.1", 11))).contains(TurnedAway.TOO_FAST);
        assertThat(admits(hasty, from("10.0.0.2", 11))).as("another address").isTrue();
        assertThat(hasty.size()).as("nothing is noted of who is turned away").isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        assertThat(admits(hasty, from("10.0.0.1", 12))).isTrue();
        assertThat(hasty.admit(from("10.0.0.1", 13))).contains(TurnedAway.TOO_FAST);
    }

    @Test
    void aConnectionThatMisbehavedCostsHalfASecondsWorthOfNewOnes() {
        ConnectionCounts wary = new ConnectionCounts(limits(100, 100, 4), clock);
        for (int port = 1; port <= 10; port++) {
            assertThat(admits(wary, from("10.0.0.1", port))).isTrue();
        }
        for (int port = 1; port <= 10; port++) {
            wary.misbehaved(from("10.0.0.1", port));
            wary.closed(from("10.0.0.1", port));
        }
        assertThat(admits(wary, from("10.0.0.1", 11)))
                .as("30 - 10 * 2 were left")
                .isTrue();

        // However many misbehave at the same time, the address has to wait for ten seconds, and no longer.
        for (int port = 1; port <= 100; port++) {
            wary.misbehaved(from("10.0.0.1", port));
        }
        assertThat(admits(wary, from("10.0.0.2", 1))).as("another address").isTrue();
        clock.advance(Duration.ofSeconds(10));
        assertThat(wary.admit(from("10.0.0.1", 12))).contains(TurnedAway.TOO_FAST);
        clock.advance(Duration.ofMillis(250));
        assertThat(admits(wary, from("10.0.0.1", 12))).isTrue();
    }

    @Test
    void saysThatThereAreTooMany() {
        counts.admit(from("10.0.0.1", 1));
        counts.admit(from("10.0.0.1", 2));
        assertThat(counts.admit(from("10.0.0.1", 3))).contains(TurnedAway.TOO_MANY);
    }

    private static InetSocketAddress from(String address, int port) {
        return new InetSocketAddress(address, port);
    }
}
