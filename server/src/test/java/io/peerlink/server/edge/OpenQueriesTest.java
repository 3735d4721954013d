package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenQueriesTest {
    private static final long HALF = OpenQueries.ANSWER_BYTES_MAX / 2;

    private final OpenQueries open = new OpenQueries();

    private OpenQueries.Query begin(String peer) {
        return open.begin(peer).orElseThrow();
    }

    @Test
    void aPeerHasSoManyAndOthersDoNotNotice() {
        List<OpenQueries.Query> greedy = new ArrayList<>();
        for (int i = 0; i < OpenQueries.PER_PEER_MAX; i++) {
            greedy.add(begin("greedy"));
        }

        assertThat(open.begin("greedy")).isEmpty();
        assertThat(open.begin("modest")).isPresent();

        greedy.get(0).over();
        assertThat(open.begin("greedy")).isPresent();
        greedy.get(0).over();
        assertThat(open.begin("greedy")).as("one is over only once").isEmpty();
    }

    @Test
    void whoTakesNoAnswersGetsHalfOfTheRoom() {
        begin("deaf").answered(HALF);

        assertThat(begin("deaf").hasRoom()).isFalse();
        assertThat(begin("other").hasRoom()).isTrue();
        begin("other").answered(HALF / 2);
        assertThat(begin("other").hasRoom()).isFalse();
        assertThat(begin("third").hasRoom()).isTrue();
    }

    @Test
    void anAnswerThatIsTakenMakesRoom() {
        OpenQueries.Query taken = begin("peer");
        taken.answered(HALF);
        taken.over();

        assertThat(begin("peer").hasRoom()).isTrue();
    }

    @Test
    void anAnswerThatNobodyWantsAnyMoreTakesNoRoom() {
        OpenQueries.Query cancelled = begin("peer");
        cancelled.over();
        cancelled.answered(2 * HALF);

        assertThat(begin("peer").hasRoom()).isTrue();
    }
}
