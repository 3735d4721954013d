package io.peerlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FailureTest {
    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_NAME, 3", "NAME_TAKEN, 4", "GROUP_EXISTS, 4", "UNAVAILABLE, 5", "NOT_LEADER, 5",
        "OUTCOME_UNKNOWN, 6", "WRONG_KEY, 7", "NOT_A_MEMBER, 7", "BAD_NAME, 2", "INTERNAL, 1"
    })
    void refusalsHaveTheirExitCodes(ErrorCode code, int exitCode) {
        Failure failure = Failure.of(new CompletionException(new PeerLinkException(code, "why", "what to do", false)));

        assertThat(failure.exitCode().number()).isEqualTo(exitCode);
        assertThat(failure.code()).isEqualTo(code.name());
        assertThat(failure.hint()).isEqualTo("what to do");
    }

    @Test
    void timesAreRead() {
        assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("2d")).isEqualTo(Duration.ofDays(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1 s", "1.5s", "9999999999999s"})
    void badTimesAreRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).hasMessageContaining("500ms");
    }
}
