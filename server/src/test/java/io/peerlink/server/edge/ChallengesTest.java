package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ChallengesTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final Challenges challenges = new Challenges(new Random(1), now::get);

    @Test
    void isGoodOnceAndForAWhile() {
        ByteString challenge = challenges.issue();
        now.addAndGet(TimeUnit.SECONDS.toNanos(29));
        assertThat(challenges.isGood(challenge)).isTrue();
        assertThat(challenges.use(challenge)).isTrue();
        assertThat(challenges.isGood(challenge)).isFalse();
        assertThat(challenges.use(challenge)).isFalse();

        ByteString late = challenges.issue();
        now.addAndGet(TimeUnit.SECONDS.toNanos(31));
        assertThat(challenges.isGood(late)).isFalse();
    }

    @Test
    void cannotBeMadeUp() {
        ByteString challenge = challenges.issue();
        for (int i = 0; i < challenge.size(); i++) {
            byte[] changed = challenge.toByteArray();
            changed[i] ^= 1;
            assertThat(challenges.isGood(ByteString.copyFrom(changed))).isFalse();
        }
        assertThat(challenges.isGood(challenge.substring(1))).isFalse();
        assertThat(challenges.isGood(new Challenges(new Random(2), now::get).issue()))
                .as("another router's, or one of before a restart")
                .isFalse();
    }

    @Test
    void aFloodPushesNobodysOut() {
        ByteString operators = challenges.issue();
        for (int i = 0; i < 100_000; i++) {
            challenges.issue();
        }
        assertThat(challenges.isGood(operators)).isTrue();
    }
}
