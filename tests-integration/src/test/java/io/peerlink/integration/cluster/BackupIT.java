package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.MessageStatus;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.Receipt;
import io.peerlink.client.admin.BackupInfo;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.identity.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A backup taken from a working cluster becomes another cluster, in which everybody goes on with the same keys. */
final class BackupIT {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int NOT_FOUND = 3;
    private static final int CONFLICT = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @TempDir
    private Path scratch;

    private static PeerLinkClient attach(Identity identity, List<String> servers) {
        return PeerLinkClient.builder()
                .servers(servers)
                .identity(identity)
                .connectTimeout(TIMEOUT)
                .build()
                .connect();
    }

    /** What the restore said, and how it ended. */
    private record Restored(int exitStatus, String output) {}

    private static Restored restore(Path backup, LocalRouter router, String... options) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Distribution.home().resolve("bin/peerlink-server").toString(),
                "restore",
                backup.toString(),
                "-c",
                router.config().toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Restored(process.waitFor(), output);
    }

    @Test
    void aBackupUnderLoadBecomesANewClusterWithTheOldPeers() throws Exception {
        Identity alice = Identity.generate("backup-alice");
        Identity bob = Identity.generate("backup-bob");
        MessageId before;
        BackupInfo ofLeader;
        try (Load load = Load.start(CLUSTER, "backup")) {
            before = deliverOne(alice, bob);
            load.awaitMore(300);
            ClusterAdmin admin = new ClusterAdmin(CLUSTER.servers(), TIMEOUT);
            ofLeader = admin.backup(admin.leaderAddress(), scratch.resolve("leader"));
            BackupInfo ofFollower = admin.backup(CLUSTER.follower().clientAddress(), scratch.resolve("follower"));
            assertThat(ofFollower.routerId()).isNotEqualTo(ofLeader.routerId());
            load.awaitMore(200);
            load.finish();
        }
        assertThat(ofLeader.index()).isPositive();
        try (LocalCluster restored = LocalCluster.prepare(Distribution.home(), scratch.resolve("restored"), 3, "")) {
            for (LocalRouter router : restored.routers()) {
                Restored done = restore(scratch.resolve("leader"), router);
                assertThat(done.exitStatus()).as(done.output()).isEqualTo(OK);
                assertThat(done.output()).contains("at index " + ofLeader.index(), ofLeader.digest());
            }
            assertThat(restore(scratch.resolve("leader"), restored.routers().get(0)))
                    .as("once more")
                    .matches(again ->
                            again.exitStatus() == CONFLICT && again.output().contains("data of router n1"));
            restored.start();
            restored.awaitLeader(TestCluster.PATIENCE);
            for (LocalRouter router : restored.routers()) {
                await().atMost(TestCluster.PATIENCE)
                        .until(() -> restored.info(router, false)
                                .filter(info -> info.log().applied() > ofLeader.index())
                                .isPresent());
            }
            goOn(alice, bob, restored.servers(), before);
        }
    }

    private static MessageId deliverOne(Identity alice, Identity bob) {
        try (PeerLinkClient sender = attach(alice, CLUSTER.servers());
                PeerLinkClient recipient = attach(bob, CLUSTER.servers())) {
            Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
            sender.onReceipt(receipts::add);
            sender.subscribe(message -> {});
            recipient.subscribe(message -> {});
            MessageId sent =
                    sender.send(OutgoingMessage.text("backup-bob", "before")).id();
            await().atMost(TestCluster.PATIENCE).until(() -> !receipts.isEmpty());
            return sent;
        }
    }

    private static void goOn(Identity alice, Identity bob, List<String> servers, MessageId before) {
        try (PeerLinkClient sender = attach(alice, servers);
                PeerLinkClient recipient = attach(bob, servers)) {
            assertThat(sender.status(before).join().recipients())
                    .singleElement()
                    .matches(state -> state.state() == MessageStatus.State.DELIVERED);
            Queue<IncomingMessage> messages = new ConcurrentLinkedQueue<>();
            Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
            sender.onReceipt(receipts::add);
            sender.subscribe(message -> {});
            recipient.subscribe(messages::add);
            MessageId after =
                    sender.send(OutgoingMessage.text("backup-bob", "after")).id();
            assertThat(after.sequence()).isEqualTo(before.sequence() + 1);
            await().atMost(TestCluster.PATIENCE)
                    .until(() -> receipts.stream().anyMatch(receipt -> receipt.spans(after)));
            assertThat(messages.stream().map(IncomingMessage::text)).containsExactly("after");
        }
    }

    @Test
    void whatIsNoBackupOrDoesNotFitIsRefusedAndChangesNothing() throws Exception {
        ClusterAdmin admin = new ClusterAdmin(CLUSTER.servers(), TIMEOUT);
        await("there is something to back up")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(CLUSTER.leader()).log().applied() > 1);
        Path backup = scratch.resolve("taken");
        BackupInfo info = admin.backup(admin.leaderAddress(), backup);
        LocalRouter other = single("other", "cluster-id = elsewhere");
        assertThat(restore(scratch, other).exitStatus()).isEqualTo(NOT_FOUND);
        assertThat(restore(backup, other).exitStatus()).as("another cluster id").isEqualTo(CONFLICT);
        assertThat(other.data()).doesNotExist();
        assertThat(restore(backup, other, "--other-cluster").exitStatus()).isEqualTo(OK);
        LocalRouter foreign = single("foreign", "data-dir = \"" + other.data() + "\"");
        Restored refused = restore(backup, foreign);
        assertThat(refused.exitStatus()).isEqualTo(CONFLICT);
        assertThat(refused.output()).contains("data of another cluster, elsewhere");

        damage(backup.resolve(largest(info).name()));
        LocalRouter fresh = single("fresh", "");
        Restored broken = restore(backup, fresh);
        assertThat(broken.exitStatus()).isEqualTo(FAILED);
        assertThat(broken.output()).contains("DAMAGED", largest(info).name());
        assertThat(fresh.data().resolve("raft")).doesNotExist();
    }

    private LocalRouter single(String directory, String config) {
        return LocalCluster.prepare(Distribution.home(), scratch.resolve(directory), 1, config)
                .routers()
                .get(0);
    }

    private static BackupInfo.File largest(BackupInfo info) {
        return info.files().stream()
                .max(java.util.Comparator.comparingLong(BackupInfo.File::sizeBytes))
                .orElseThrow();
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
