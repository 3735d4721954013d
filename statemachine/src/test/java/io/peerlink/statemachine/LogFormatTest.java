package io.peerlink.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Batch;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of each format must stay readable, and mean the same, for ever. */
final class LogFormatTest {
    private static final String FORMAT_1 =
            "0801108080b3c19c331a170a150a05616c696365120c6b6579206f6620616c6963651a1912170a05616c69"
                    + "6365120c6b6579206f6620616c69636518031a0b1a090a05616c69636510021a83012280010a05616c6963"
                    + "6510031811200c2a230a1c0a03626f62120568656c6c6f1a0a746578742f706c61696e20e0d4033dd48091"
                    + "372a0d12060a047465616d3d963fa40a2a0d1a060a047465616d3d4c3b9f482a0d22060a047465616d3dbb"
                    + "53d2832a142a0d0a09616c6963657e626f6210053d614974562a09320208113dfeca00001a0b2a090a0561"
                    + "6c69636510091a0b320908e80710d00f18ac02";

    private static final String FORMAT_2 =
            "0802108080b3c19c331a170a150a05616c696365120c6b6579206f6620616c6963651a1912170a05616c6963"
                    + "65120c6b6579206f6620616c69636518031a0b1a090a05616c69636510021a94012291010a05616c69636510"
                    + "031811200c2a2f0a230a03626f62120568656c6c6f1205616761696e1a0a746578742f706c61696e20e0d403"
                    + "3a08d48091376773efdc2a0e12060a047465616d3a04963fa40a2a0e1a060a047465616d3a044c3b9f482a0e"
                    + "22060a047465616d3a04bb53d2832a152a0d0a09616c6963657e626f6210053a04614974562a0a320208113a"
                    + "04feca00001a0b2a090a05616c69636510091a0b320908e80710d00f18ac02";

    @Test
    void readsTheBytesOfFormat1() throws Exception {
        assertThat(Batch.parseFrom(HexFormat.of().parseHex(FORMAT_1))).isEqualTo(batch(1, "hello"));
    }

    @Test
    void readsAndWritesTheBytesOfFormat2() throws Exception {
        Batch batch = batch(2, "hello", "again");

        assertThat(HexFormat.of().formatHex(batch.toByteArray())).isEqualTo(FORMAT_2);
        assertThat(Batch.parseFrom(HexFormat.of().parseHex(FORMAT_2))).isEqualTo(batch);
    }

    @Test
    void entriesOfBeforeRolesMeanWhatTheyMeant(@TempDir Path directory) {
        Batch old = Batch.newBuilder()
                .setFormat(3)
                .setTimeMs(1_000)
                .addCommands(Commands.register("alice", Commands.key("alice")))
                .addCommands(Commands.open("alice", Commands.key("alice"), 0))
                .addCommands(Commands.requests(
                        "alice",
                        1,
                        1,
                        0,
                        List.of(
                                Commands.createGroup("team"),
                                Commands.send("alice", "to myself", 60_000),
                                Commands.leaveGroup("team"))))
                .build();
        try (StateMachine machine = StateMachine.open(directory, null)) {
            ApplyResult result = machine.apply(new LogPosition(1, 1), old);

            assertThat(Scenario.results(result.outcomes().get(2)))
                    .as("a creator left like anybody")
                    .noneMatch(Outcome.RequestResult.Refused.class::isInstance);
            assertThat(machine.view().inboxState("alice").orElseThrow().waitingBytes())
                    .isZero();
            assertThat(machine.view()
                            .status("alice", "alice~alice", 1, false, "", 1)
                            .orElseThrow()
                            .position())
                    .isEqualTo(LogPosition.NONE);
            // As e100406 has it, the last version that wrote format 3: routers of both may follow one log.
            assertThat(HexFormat.of().formatHex(machine.view().digest().sha256().toByteArray()))
                    .isEqualTo("31b85e3c84e78065e5ae443484497525cb4fdad0a36091c7a1d3c2b4128fbe70");
        }
    }

    /** Routers of both formats may follow one log. */
    @Test
    void entriesOfBeforeSharesMeanWhatTheyMeant(@TempDir Path directory) {
        Batch old = Batch.newBuilder()
                .setFormat(4)
                .setTimeMs(1_000)
                .addCommands(Commands.register("alice", Commands.key("alice")))
                .addCommands(Commands.register("bob", Commands.key("bob")))
                .addCommands(Commands.open("alice", Commands.key("alice"), 0))
                .addCommands(Commands.requests(
                        "alice",
                        1,
                        1,
                        0,
                        List.of(
                                Commands.createGroup("a"),
                                Commands.createGroup("b"),
                                Commands.createGroup("c"),
                                Commands.invite("a", "bob", 2),
                                Commands.invite("b", "bob", 2),
                                Commands.delete("a"),
                                Commands.invite("c", "bob", 2),
                                Commands.invite("c", "alice", 2),
                                Commands.setBlocked("alice", true),
                                Commands.remove("c", "alice", false))))
                .build();
        try (StateMachine machine = StateMachine.open(directory, null)) {
            ApplyResult result = machine.apply(new LogPosition(1, 1), old);

            assertThat(Scenario.results(result.outcomes().get(3)).stream()
                            .filter(Outcome.RequestResult.Refused.class::isInstance))
                    .as("two by one, a group that is gone counts, a member may be invited, nobody is told of himself")
                    .containsExactly(
                            Scenario.refused(Rejection.TOO_MANY_INVITED),
                            Scenario.refused(Rejection.BAD_REQUEST),
                            Scenario.refused(Rejection.BAD_REQUEST));
        }
    }

    @Test
    void keepsRejectionNumbers() {
        assertThat(Rejection.values())
                .allSatisfy(rejection ->
                        assertThat(Rejection.of(rejection.number())).contains(rejection));
        assertThat(Rejection.NAME_TAKEN.number()).isEqualTo(1);
        assertThat(Rejection.BAD_REQUEST.number()).isEqualTo(20);
        assertThat(Rejection.STORAGE_LOW.number()).isEqualTo(21);
    }

    private static Batch batch(int format, String... bodies) {
        return Batch.newBuilder()
                .setFormat(format)
                .setTimeMs(1_760_000_000_000L)
                .addCommands(Commands.register("alice", Commands.key("alice")))
                .addCommands(Commands.open("alice", Commands.key("alice"), 3))
                .addCommands(Commands.close("alice", 2))
                .addCommands(Commands.requests(
                        "alice",
                        3,
                        17,
                        12,
                        List.of(
                                Commands.joined(Stream.of(bodies)
                                                .map(body -> Commands.send("bob", body, 60_000))
                                                .toList())
                                        .orElseThrow(),
                                Commands.createGroup("team"),
                                Commands.joinGroup("team"),
                                Commands.leaveGroup("team"),
                                Commands.markRead("alice~bob", 5),
                                Commands.refused(Rejection.BODY_TOO_LARGE, 0xCAFE))))
                .addCommands(Commands.advance("alice", 9))
                .addCommands(Commands.tick(1_000, 2_000, 300))
                .build();
    }
}
