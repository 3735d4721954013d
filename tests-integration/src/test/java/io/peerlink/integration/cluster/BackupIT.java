package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
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
import io.peerlink.protocol.v1.AdministrationGrpc;
import io.peerlink.protocol.v1.BackupRequest;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.GetRouterRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        List<String> command = new ArrayList<>(List.of(
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
            sendOne(alice);
            ofLeader = new ClusterAdmin(CLUSTER.servers(), TIMEOUT).backup(scratch.resolve("leader"));
            String follower = CLUSTER.follower().id();
            assertThat(backup(scratch.resolve("follower"), "--from", follower))
                    .startsWith(follower + " ")
                    .endsWith("what " + follower + " had applied, up to this index; it may lag");
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

    /** To a recipient who is away. */
    private static void sendOne(Identity alice) {
        try (PeerLinkClient sender = attach(alice, CLUSTER.servers())) {
            sender.send(OutgoingMessage.text("backup-bob", "just before"));
        }
    }

    /** By the command; returns the line that it prints. */
    private String backup(Path directory, String... options) {
        List<String> arguments = new ArrayList<>(List.of("cluster", "backup", directory.toString()));
        arguments.addAll(List.of(options));
        try (ShellProcess command = ShellProcess.start(CLUSTER.servers(), scratch, arguments.toArray(new String[0]))) {
            assertThat(command.end()).as(command.errors().toString()).isEqualTo(OK);
            return command.output().get(0);
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
            assertThat(after.sequence()).isEqualTo(before.sequence() + 2);
            await().atMost(TestCluster.PATIENCE)
                    .until(() -> receipts.stream().anyMatch(receipt -> receipt.spans(after)));
            assertThat(messages.stream().map(IncomingMessage::text)).containsExactly("just before", "after");
        }
    }

    /** It is asked while it sleeps, so that the request is among the first things that it finds when it goes on. */
    @Test
    void aLeaderThatWasDeposedInItsSleepGivesNoOldBackup() throws Exception {
        LocalRouter deposed = CLUSTER.leader();
        ManagedChannel channel = ManagedChannelBuilder.forTarget(deposed.clientAddress())
                .usePlaintext()
                .build();
        try {
            ClusterGrpc.newBlockingStub(channel).getRouter(GetRouterRequest.getDefaultInstance());
            CLUSTER.pause(deposed);
            CompletableFuture<Long> asked =
                    CompletableFuture.supplyAsync(() -> AdministrationGrpc.newBlockingStub(channel)
                            .backup(BackupRequest.getDefaultInstance())
                            .next()
                            .getHeader()
                            .getIndex());
            long acknowledged;
            try (TestPeer sender = CLUSTER.peer("backup-sender")) {
                sender.sent("backup-sender");
                acknowledged =
                        CLUSTER.info(CLUSTER.leaderOtherThan(deposed)).log().applied();
            }
            CLUSTER.resume(deposed);
            Long answered = asked.exceptionally(refusal -> Long.MAX_VALUE).get(30, TimeUnit.SECONDS);
            assertThat(answered).as("what the deposed leader gives, if it does").isGreaterThanOrEqualTo(acknowledged);
            assertThat(new ClusterAdmin(CLUSTER.servers(), TIMEOUT)
                            .backup(scratch.resolve("soon"))
                            .index())
                    .isGreaterThanOrEqualTo(acknowledged);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void whatIsNoBackupOrDoesNotFitIsRefusedAndChangesNothing() throws Exception {
        await("there is something to back up")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(CLUSTER.leader()).log().applied() > 1);
        Path backup = scratch.resolve("taken");
        assertThat(backup(backup)).endsWith(" everything acknowledged before");
        LocalRouter other = single("other", "cluster-id = elsewhere");
        assertThat(restore(scratch, other).exitStatus()).isEqualTo(NOT_FOUND);
        assertThat(restore(backup, other).exitStatus()).as("another cluster id").isEqualTo(CONFLICT);
        assertThat(other.data()).doesNotExist();
        assertThat(restore(backup, other, "--other-cluster").exitStatus()).isEqualTo(OK);
        LocalRouter foreign = single("foreign", "data-dir = \"" + other.data() + "\"");
        Restored refused = restore(backup, foreign);
        assertThat(refused.exitStatus()).isEqualTo(CONFLICT);
        assertThat(refused.output()).contains("data of another cluster, elsewhere");

        Path largest = largest(backup);
        damage(largest);
        LocalRouter fresh = single("fresh", "");
        Restored broken = restore(backup, fresh);
        assertThat(broken.exitStatus()).isEqualTo(FAILED);
        assertThat(broken.output()).contains("DAMAGED", largest.toString());
        assertThat(fresh.data().resolve("raft")).doesNotExist();
    }

    private LocalRouter single(String directory, String config) {
        return LocalCluster.prepare(Distribution.home(), scratch.resolve(directory), 1, config)
                .routers()
                .get(0);
    }

    private static Path largest(Path backup) throws IOException {
        try (Stream<Path> files = Files.list(backup)) {
            return files.max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
