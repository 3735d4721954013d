package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.server.edge.EdgeFixture.HandClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Three a second, thirty at once. */
final class KeyedRatesTest {
    private final HandClock clock = new HandClock();
    private final KeyedRates<InetAddress> rates = new KeyedRates<>(3, clock);

    private int taken(InetAddress from, int attempts) {
        return (int)
                IntStream.range(0, attempts).filter(any -> rates.take(from)).count();
    }

    @Test
    void tenSecondsWorthAtOnceAndThenTheRate() throws UnknownHostException {
        InetAddress one = InetAddress.getByName("10.0.0.1");
        assertThat(taken(one, 100)).isEqualTo(30);
        clock.advance(Duration.ofSeconds(2));
        assertThat(taken(one, 100)).isEqualTo(6);
        clock.advance(Duration.ofHours(1));
        assertThat(taken(one, 100)).as("nothing is saved up beyond that").isEqualTo(30);
    }

    @Test
    void eachAddressHasItsOwn() throws UnknownHostException {
        assertThat(taken(InetAddress.getByName("10.0.0.1"), 100)).isEqualTo(30);
        assertThat(taken(InetAddress.getByName("10.0.0.2"), 100)).isEqualTo(30);
    }

    @Test
    void ofVeryManyAddressesNotAllAreRemembered() throws UnknownHostException {
        KeyedRates<InetAddress> counted = new KeyedRates<>(1, clock);
        for (int i = 0; i < 200_000; i++) {
            byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
            assertThat(counted.take(InetAddress.getByAddress(address))).isTrue();
        }
        assertThat(counted.size()).isLessThanOrEqualTo(20_000);
    }

    @Test
    void zeroIsNoLimit() throws UnknownHostException {
        KeyedRates<InetAddress> unlimited = new KeyedRates<>(0, clock);
        InetAddress one = InetAddress.getByName("10.0.0.1");
        assertThat(IntStream.range(0, 10_000).allMatch(any -> unlimited.take(one)))
                .isTrue();
        assertThat(unlimited.size()).isZero();
    }
}
