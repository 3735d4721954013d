package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckpointTurnsTest {
    /** Each as soon as it is due, from an empty state on. */
    @ParameterizedTest
    @CsvSource({"n1, 6 12 18", "n2, 2 8 14", "n3, 4 10 16", "joined-later, 6 12 18"})
    void routersTakeTurns(String router, String expected) {
        CheckpointTurns turns = CheckpointTurns.of(router, List.of("n3", "n1", "n2"), 6);
        long[] newest = {0};
        List<String> made = LongStream.rangeClosed(0, 19)
                .filter(applied -> turns.isDue(newest[0], applied))
                .peek(applied -> newest[0] = applied)
                .mapToObj(Long::toString)
                .toList();
        assertThat(String.join(" ", made)).isEqualTo(expected);
    }

    /** One ends before what is applied when it is named; the next is not due at once for that. */
    @ParameterizedTest
    @CsvSource({"6, 11, false", "6, 12, true", "5, 6, true", "11, 12, true", "12, 12, false", "7, 30, true"})
    void countsFromWhatTheNewestHolds(long newest, long applied, boolean due) {
        assertThat(new CheckpointTurns(0, 6).isDue(newest, applied)).isEqualTo(due);
    }
}
