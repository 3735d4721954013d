package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.createGroup;
import static io.peerlink.statemachine.Commands.joinGroup;
import static io.peerlink.statemachine.Commands.leaveGroup;
import static io.peerlink.statemachine.Commands.markRead;
import static io.peerlink.statemachine.Commands.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointFiles;
import io.peerlink.statemachine.store.ColumnFamily;
import io.peerlink.statemachine.store.ReadSnapshot;
import io.peerlink.statemachine.store.RocksStore;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not grow for ever: rows left after everything was delivered or ended, confirmed, and is old. */
final class TrimmingTest {
    private static final int ROUNDS = 30;

    @TempDir
    Path directory;

    @Test
    void leavesNoRowsBehindThatGrowWithHistory() {
        try (Scenario scenario = new Scenario(directory).peers("alice", "bob", "carol")) {
            scenario.ask("alice", createGroup("team"));
            scenario.ask("bob", joinGroup("team"));
            for (int i = 0; i < ROUNDS; i++) {
                live(scenario, i);
            }
            scenario.confirmAll("alice");
            scenario.confirmAll("bob");
            scenario.tickAfter(Scenario.RETENTION_MS + 1);
            scenario.tickAfter(Scenario.RETENTION_MS + 1);

            Map<ColumnFamily, Integer> rows = rows(scenario);

            assertThat(rows).containsEntry(ColumnFamily.MESSAGES, 0);
            assertThat(rows).containsEntry(ColumnFamily.INBOX, 0);
            // The watermarks: of alice and bob in team, of bob in the pair.
            assertThat(rows.get(ColumnFamily.DELIVERED_MARKS)).isLessThanOrEqualTo(3);
            assertThat(rows.get(ColumnFamily.READ_MARKS)).isLessThanOrEqualTo(3);
            assertThat(rows).containsEntry(ColumnFamily.ENDINGS, 0);
            // Three incarnations.
            assertThat(rows).containsEntry(ColumnFamily.DUE, 3);
        }
    }

    /** Delivered, read, expired before and after trimming, confirmed before and after trimming. */
    private static void live(Scenario scenario, int round) {
        scenario.ask("alice", send("bob", "a", 100), send("team", "b", 100));
        if (round % 3 == 0) {
            scenario.confirmAll("bob");
            scenario.ask("bob", markRead("alice~bob", 0), markRead("team", 0));
        } else if (round % 3 == 1) {
            scenario.tickAfter(200);
            scenario.confirmAll("bob");
        } else {
            scenario.ask("carol", joinGroup("team"));
            scenario.ask("alice", send("team", "c", 100));
            scenario.ask("carol", leaveGroup("team"));
            scenario.tickAfter(200);
        }
        scenario.tickAfter(Scenario.RETENTION_MS + 1);
        scenario.confirmAll("carol");
    }

    private Map<ColumnFamily, Integer> rows(Scenario scenario) {
        Checkpoint checkpoint = scenario.machine.checkpoint(
                directory.resolve("checkpoints"), scenario.view().applied());
        Path copy = directory.resolve("copy");
        CheckpointFiles.recreate(copy);
        checkpoint.restoreTo(copy);
        Map<ColumnFamily, Integer> rows = new EnumMap<>(ColumnFamily.class);
        try (RocksStore store = RocksStore.open(copy);
                ReadSnapshot snapshot = store.snapshot()) {
            for (ColumnFamily family : ColumnFamily.values()) {
                rows.put(family, 0);
                snapshot.scanRaw(family, new byte[0], (key, value) -> {
                    rows.merge(family, 1, Integer::sum);
                    return true;
                });
            }
        }
        return rows;
    }
}
