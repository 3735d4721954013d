package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.statemachine.Effect;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ratis does not sync what it received, and later checkpoints do not sync tables that an earlier one holds: so it is done when a
 * checkpoint is opened, and counted here by the JVM's own events.
 */
final class ReceivedCheckpointTest {
    @TempDir
    private Path directory;

    private Path checkpoints;
    private ReplicatedStateMachine machine;

    @BeforeEach
    void layOut() {
        checkpoints = directory.resolve("group/sm");
        machine = machine();
    }

    @AfterEach
    void closeMachine() {
        machine.close();
    }

    private ReplicatedStateMachine machine() {
        RaftListener deaf = new RaftListener() {
            @Override
            public void onApplied(List<Effect> effects) {}

            @Override
            public void onLeaderReady() {}

            @Override
            public void onLeaderKnown() {}

            @Override
            public void onNotLeader() {}
        };
        return new ReplicatedStateMachine(directory, new InFlightBatches(), deaf, (fault, reason, cause) -> {
            throw new AssertionError(reason, cause);
        });
    }

    private void start() throws IOException {
        RaftStorageDirectory place = StandIn.of(
                RaftStorageDirectory.class,
                Map.of("getRoot", none -> directory.resolve("group").toFile()));
        machine.initialize(
                StandIn.of(RaftServer.class, Map.of("getId", none -> RaftPeerId.valueOf("n1"))),
                RaftGroupId.randomId(),
                StandIn.of(RaftStorage.class, Map.of("getStorageDir", none -> place)));
    }

    /** As it lies there after the last piece came: complete, and nothing of it synced. */
    private Checkpoint receive() {
        RegisterPeer register = RegisterPeer.newBuilder()
                .setName("alice")
                .setPublicKey(ByteString.copyFromUtf8("alice's key"))
                .build();
        try (StateMachine leader = StateMachine.open(directory.resolve("leader"), null)) {
            leader.apply(
                    new LogPosition(1, 5),
                    Batch.newBuilder()
                            .setFormat(2)
                            .setTimeMs(1)
                            .addCommands(Command.newBuilder().setRegisterPeer(register))
                            .build());
            return leader.checkpoint(checkpoints, new LogPosition(1, 5));
        }
    }

    /** What an action has synced. */
    private Set<Path> synced(Executable action) throws Throwable {
        Path events = directory.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            action.execute();
            recording.stop();
            recording.dump(events);
        }
        return RecordingFile.readAllEvents(events).stream()
                .map(event -> event.getString("path"))
                .map(Path::of)
                .collect(Collectors.toSet());
    }

    private List<Path> all(Checkpoint received) {
        List<Path> all = new ArrayList<>(received.files());
        assertThat(all).anyMatch(file -> file.toString().endsWith(".sst"));
        all.add(received.directory());
        all.add(checkpoints);
        return all;
    }

    @Test
    void isSyncedWhenItIsInstalled() throws Throwable {
        start();
        Checkpoint received = receive();

        Set<Path> synced = synced(() -> {
            machine.pause();
            machine.reinitialize();
        });

        assertThat(synced).containsAll(all(received));
        assertThat(machine.appliedIndex()).isEqualTo(5);
    }

    @Test
    void isSyncedAtTheStartAfterACrash() throws Throwable {
        Checkpoint received = receive();

        Set<Path> synced = synced(this::start);

        assertThat(synced).containsAll(all(received));
        assertThat(machine.appliedIndex()).isEqualTo(5);
    }
}
