package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.compare;
import static io.peerlink.statemachine.Commands.key;
import static io.peerlink.statemachine.Commands.register;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hash that routers compare: the same for the same life, another one for ever after any difference. */
final class RunningHashTest {
    @TempDir
    Path directory;

    private static ApplyResult apply(StateMachine machine, long index, Command command) {
        return machine.apply(
                new LogPosition(1, index),
                Batch.newBuilder()
                        .setFormat(2)
                        .setTimeMs(1 + index)
                        .addCommands(command)
                        .build());
    }

    private StateMachine open(String name) {
        return StateMachine.open(directory.resolve(name), null);
    }

    private static ByteString hash(StateMachine machine, long index) {
        return machine.view().runningHash(index).orElseThrow();
    }

    @Test
    void sameLivesHaveTheSameHashAfterEveryEntry() {
        try (StateMachine one = open("one");
                StateMachine other = open("other")) {
            for (int i = 0; i < 5; i++) {
                apply(one, i, register("p" + i, key("k")));
                apply(other, i, register("p" + i, key("k")));
                assertThat(hash(one, i)).isEqualTo(hash(other, i));
            }
            assertThat(hash(one, 3)).isNotEqualTo(hash(one, 4));
        }
    }

    @Test
    void oneDifferentByteIsSeenForEverAfter() {
        try (StateMachine one = open("one");
                StateMachine other = open("other")) {
            apply(one, 0, register("alice", key("a")));
            apply(other, 0, register("alice", key("b")));
            for (int i = 1; i < 4; i++) {
                apply(one, i, register("p" + i, key("k")));
                apply(other, i, register("p" + i, key("k")));
                assertThat(hash(one, i)).isNotEqualTo(hash(other, i));
            }
        }
    }

    @Test
    void aCheckpointCarriesTheHashOn() {
        try (StateMachine one = open("one")) {
            apply(one, 0, register("alice", key("a")));
            Checkpoint checkpoint = one.checkpoint(directory.resolve("checkpoints"), new LogPosition(1, 0));
            apply(one, 1, register("bob", key("b")));
            try (StateMachine restored = StateMachine.open(directory.resolve("restored"), checkpoint)) {
                assertThat(hash(restored, 0)).isEqualTo(hash(one, 0));
                apply(restored, 1, register("bob", key("b")));
                assertThat(hash(restored, 1)).isEqualTo(hash(one, 1));
            }
        }
    }

    @Test
    void comparingTellsBothAndRemembersTheOwn() {
        ByteString leaders = ByteString.copyFromUtf8("the leader's");
        try (StateMachine machine = open("one")) {
            apply(machine, 0, register("alice", key("a")));
            ApplyResult result = apply(machine, 1, compare(0, leaders));
            assertThat(result.outcomes()).containsExactly(new Outcome.Compared());
            assertThat(result.effects())
                    .isEqualTo(List.of(new Effect.StateCompared(0, leaders, Optional.of(hash(machine, 0)))));
            for (int i = 2; i < 3_000; i++) {
                apply(machine, i, compare(i - 2, leaders));
            }
            assertThat(machine.view().runningHash(1_500)).isPresent();
            assertThat(machine.view().runningHash(1)).as("long ago").isEmpty();
        }
    }

    @Test
    void aHashFromBeforeTheCheckpointIsUnknown() {
        try (StateMachine machine = open("one")) {
            ApplyResult result = apply(machine, 7, compare(3, ByteString.EMPTY));
            assertThat(result.effects())
                    .isEqualTo(List.of(new Effect.StateCompared(3, ByteString.EMPTY, Optional.empty())));
        }
    }
}
