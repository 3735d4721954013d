package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.advance;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An inbox page by page. */
final class InboxPageTest {
    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory).peers("alice", "bob");
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void readsReceiptsAloneAndSaysHowFarItGot() {
        scenario.ask("bob", send("alice", "b", TTL_MS));
        scenario.ask("alice", send("bob", "a", TTL_MS));
        scenario.apply(advance("bob", 1));
        scenario.ask("bob", send("alice", "c", TTL_MS));

        InboxPage page = scenario.view().readInbox("alice", 0, InboxFilter.RECEIPTS, 10, 1_000);

        assertThat(page.entries()).hasSize(1);
        assertThat(page.upToSequence()).isEqualTo(3);
        assertThat(page.more()).isFalse();
    }

    @Test
    void endsAPageAtItsBytes() {
        scenario.ask("alice", send("bob", "1234", TTL_MS), send("bob", "5678", TTL_MS), send("bob", "9", TTL_MS));

        InboxPage page = scenario.view().readInbox("bob", 0, InboxFilter.ALL, 10, 5);

        assertThat(page.deliveries()).isEqualTo(2);
        assertThat(page.upToSequence()).isEqualTo(2);
        assertThat(page.more()).isTrue();
    }

    @Test
    void readsMessagesThatAreAlikeAsOneEntryAndOthersApart() {
        scenario.ask(
                "alice",
                send("bob", "1", TTL_MS),
                send("bob", "2", TTL_MS),
                send("bob", "3", 2 * TTL_MS),
                send("bob", "4", 2 * TTL_MS));

        InboxPage page = scenario.view().readInbox("bob", 0, InboxFilter.ALL, 10, 1_000);

        assertThat(page.entries()).extracting(InboxEntry::inboxSequence).containsExactly(1L, 3L);
        assertThat(page.entries()).extracting(InboxEntry::length).containsExactly(2, 2);
        assertThat(scenario.bodies("bob")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void endsAPageWithinMessagesThatAreAlike() {
        scenario.ask("alice", send("bob", "1", TTL_MS), send("bob", "2", TTL_MS), send("bob", "3", TTL_MS));

        InboxPage first = scenario.view().readInbox("bob", 0, InboxFilter.ALL, 2, 1_000);
        InboxPage rest = scenario.view().readInbox("bob", first.upToSequence(), InboxFilter.ALL, 2, 1_000);

        assertThat(first.deliveries()).isEqualTo(2);
        assertThat(first.more()).isTrue();
        assertThat(rest.entries()).extracting(InboxEntry::inboxSequence).containsExactly(3L);
        assertThat(rest.more()).isFalse();
    }

    @Test
    void boundsTheLookAtALongDeadStretch() {
        Request[] many = new Request[25_000];
        Arrays.fill(many, send("bob", "x", 100));
        scenario.ask("alice", many);
        scenario.ask("alice", send("bob", "alive", 1_000_000));
        scenario.tickAfter(500);

        InboxPage first = scenario.view().readInbox("bob", 0, InboxFilter.ALL, 10, 1_000);
        assertThat(first.entries()).isEmpty();
        assertThat(first.upToSequence()).isPositive();
        assertThat(first.more()).isTrue();

        InboxPage page = first;
        while (page.more()) {
            page = scenario.view().readInbox("bob", page.upToSequence(), InboxFilter.ALL, 10, 1_000);
        }
        assertThat(page.entries()).hasSize(1);
        assertThat(scenario.view().pending("bob", Optional.empty(), 5, 100_000).count())
                .isEqualTo(1);
        assertThat(scenario.view().pending("bob", Optional.empty(), 5, 100).more())
                .isTrue();
    }
}
