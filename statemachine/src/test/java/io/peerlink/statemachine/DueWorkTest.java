package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.requests;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Commands.tick;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one entry leaves to be done at one time is one row: ticks that may look at a few rows only take from it bit by bit. */
final class DueWorkTest {
    private static final long TTL = 100;
    private static final long LONG = Long.MAX_VALUE / 8;

    @TempDir
    Path directory;

    @Test
    void aTickThatMayDoLittleDoesThatAndTheNextGoesOn() {
        try (Scenario scenario = new Scenario(directory.resolve("one")).peers("a", "b", "c", "d", "e", "f")) {
            LogPosition sent = sendToAll(scenario.machine);
            long now = scenario.view().clockMs() + TTL;

            // Each piece is a row of work and two of recipients.
            List<Set<String>> told = new ArrayList<>();
            LogPosition position = next(sent);
            scenario.machine.apply(position, batch(now, tick(LONG, LONG, 4)));
            told.add(told(scenario.machine));
            Checkpoint checkpoint = scenario.machine.checkpoint(directory.resolve("checkpoints"), position);
            try (StateMachine restored = StateMachine.open(directory.resolve("two"), checkpoint)) {
                for (int i = 0; i < 2; i++) {
                    position = next(position);
                    restored.apply(position, batch(now, tick(LONG, LONG, 4)));
                    told.add(told(restored));
                }
            }
            assertThat(told.get(0)).containsExactly("b", "c");
            assertThat(told.get(1)).containsExactly("b", "c", "d", "e");
            assertThat(told.get(2)).containsExactly("b", "c", "d", "e", "f");
        }
    }

    @Test
    void aTickSeesWhatCameBeforeItInItsEntryAndWhatComesBehindItStays() {
        try (Scenario scenario = new Scenario(directory.resolve("one")).peers("a", "b", "c", "d")) {
            StateMachine machine = scenario.machine;
            long now = scenario.view().clockMs();
            LogPosition position = next(scenario.view().applied());
            machine.apply(
                    position,
                    batch(
                            now,
                            requests("a", 1, 1, 0, List.of(send("b", "x", TTL), send("c", "x", TTL))),
                            tick(LONG, LONG, 1_000),
                            requests("a", 1, 3, 0, List.of(send("d", "x", TTL), send("b", "y", TTL)))));
            position = next(position);
            machine.apply(position, batch(now + TTL, tick(LONG, LONG, 1_000)));

            assertThat(told(machine)).containsExactly("b", "c", "d");
            assertThat(machine.view().inboxState("a").orElseThrow().head())
                    .as("two for b")
                    .isEqualTo(4);
        }
    }

    /** Who has a receipt of expiry in the inbox of a. */
    private static Set<String> told(StateMachine machine) {
        Set<String> peers = new TreeSet<>();
        machine.view()
                .readInbox("a", 0, StateView.InboxFilter.ALL, 1_000, 1 << 20)
                .entries()
                .forEach(entry -> {
                    if (entry instanceof StateView.InboxEntry.ReceiptEntry receipt) {
                        peers.add(receipt.receipt().peer());
                    }
                });
        return peers;
    }

    private static LogPosition sendToAll(StateMachine machine) {
        LogPosition position = next(machine.view().applied());
        machine.apply(
                position,
                batch(
                        machine.view().clockMs(),
                        requests(
                                "a",
                                1,
                                1,
                                0,
                                List.of(
                                        send("f", "x", TTL),
                                        send("b", "x", TTL),
                                        send("e", "x", TTL),
                                        send("c", "x", TTL),
                                        send("d", "x", TTL)))));
        return position;
    }

    private static LogPosition next(LogPosition position) {
        return new LogPosition(Math.max(1, position.term()), position.index() + 1);
    }

    private static Batch batch(long timeMs, Command... commands) {
        return Batch.newBuilder()
                .setFormat(5)
                .setTimeMs(timeMs)
                .addAllCommands(List.of(commands))
                .build();
    }
}
