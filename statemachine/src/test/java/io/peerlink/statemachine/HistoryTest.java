package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.createGroup;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.StateView.HistoryPage;
import io.peerlink.statemachine.StateView.MessagesView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a conversation: how much one holds, and that together they hold everything once. */
final class HistoryTest {
    private static final int QUARTER = StateView.HISTORY_BODY_BYTES_MAX / 4;

    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory).peers("alice");
        scenario.ask("alice", createGroup("team"));
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void cutsTheOldestOfAPageThatWouldBeTooLarge() {
        // Two entries, so two rows: the cut falls into the older one.
        scenario.ask("alice", body(QUARTER), body(QUARTER), body(QUARTER));
        scenario.ask("alice", body(QUARTER), body(QUARTER), body(QUARTER));

        assertThat(sequences(page(0))).containsExactly(3L, 4L, 5L, 6L);
        assertThat(page(0).more()).isTrue();
        assertThat(sequences(page(3))).containsExactly(1L, 2L);
        assertThat(page(3).more()).isFalse();
    }

    @Test
    void isNotCutBeforeTheBoundIsExceeded() {
        scenario.ask("alice", body(QUARTER), body(QUARTER), body(QUARTER), body(QUARTER), body(0));

        assertThat(sequences(page(0))).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(page(0).more()).isFalse();
    }

    @Test
    void holdsAMessageThatIsTooLargeAlone() {
        scenario.ask("alice", body(1), body(5 * QUARTER), body(1));

        List<List<Long>> pages = new ArrayList<>();
        HistoryPage page = page(0);
        pages.add(sequences(page));
        while (page.more()) {
            page = page(page.messages().get(0).firstSequence());
            pages.add(sequences(page));
        }

        assertThat(pages).containsExactly(List.of(3L), List.of(2L), List.of(1L));
    }

    @Test
    void isBoundedInMessagesToo() {
        scenario.ask("alice", body(1), body(1), body(1));

        HistoryPage page = scenario.view().history("alice", "team", 0, 2).orElseThrow();

        assertThat(sequences(page)).containsExactly(2L, 3L);
        assertThat(page.more()).isTrue();
    }

    private HistoryPage page(long before) {
        return scenario.view().history("alice", "team", before, 1_000).orElseThrow();
    }

    private static List<Long> sequences(HistoryPage page) {
        return page.messages().stream().map(MessagesView::firstSequence).toList();
    }

    private static Request body(int bytes) {
        return send("team", "x".repeat(bytes), TTL_MS);
    }
}
