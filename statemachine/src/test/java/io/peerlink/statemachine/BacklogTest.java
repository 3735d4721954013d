package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.advance;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.statemachine.StateView.Backlog;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits in all inboxes together. */
final class BacklogTest {
    private static final int ALL = 100;

    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory).peers("alice", "bob", "carol");
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void countsWhatIsNotConfirmedReceiptsIncluded() {
        assertThat(scenario.view().backlog(ALL)).isEqualTo(new Backlog(0, 0, true));

        scenario.ask("alice", send("bob", "1", TTL_MS), send("bob", "2", TTL_MS), send("carol", "3", TTL_MS));
        assertThat(scenario.view().backlog(ALL)).isEqualTo(new Backlog(3, 2, true));

        scenario.apply(advance("bob", 2));
        assertThat(scenario.view().backlog(ALL))
                .as("carol's message and alice's receipt")
                .isEqualTo(new Backlog(2, 2, true));
    }

    @Test
    void looksAtNoMorePeersThanAllowed() {
        scenario.ask("alice", send("bob", "1", TTL_MS), send("carol", "2", TTL_MS));

        assertThat(scenario.view().backlog(2)).isEqualTo(new Backlog(1, 1, false));
    }

    @Test
    void theTablesTakeRoom() {
        scenario.ask("alice", send("bob", "1", TTL_MS));

        assertThat(scenario.machine.storeUse().rows()).isPositive();
        assertThat(scenario.machine.storeUse().memtableBytes()).isPositive();
    }
}
