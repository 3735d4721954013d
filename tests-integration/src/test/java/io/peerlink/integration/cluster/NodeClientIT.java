package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.identity.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Strangers get along with the protocol: a client in another language, and generic gRPC tools. */
final class NodeClientIT {
    private static final long INSTALL_SECONDS = 120;
    private static final long CLIENT_SECONDS = 60;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    private static ProcessBuilder command(Path directory, String name, String... words) {
        return new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
    }

    /** Whether it ended with 0 in time; false as well if there is no such program. */
    private static boolean succeeds(ProcessBuilder command, long seconds) {
        try {
            Process process = command.start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The client's files with its two libraries; skips the test where they cannot be had. */
    private static Path installed() throws IOException {
        Path sources = Distribution.checkout().resolve("tests-integration/src/test/node");
        Path directory = Files.createDirectories(Distribution.scratch().resolve("node"));
        for (String file : List.of("package.json", "package-lock.json", "client.js")) {
            Files.write(directory.resolve(file), Files.readAllBytes(sources.resolve(file)));
        }
        boolean node = succeeds(command(directory, "node-version", "node", "--version"), CLIENT_SECONDS);
        assumeTrue(node, "SKIPPED: the Node client is not tested, because node is not installed");
        boolean libraries = succeeds(
                command(directory, "npm", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), INSTALL_SECONDS);
        assumeTrue(
                libraries,
                "SKIPPED: the Node client is not tested, because npm is missing or its registry not reachable");
        return directory;
    }

    @Test
    void aNodeClientWrittenFromTheCommentsRegistersSendsAndReceives() throws IOException {
        Path directory = installed();
        Queue<String> received = new ConcurrentLinkedQueue<>();
        try (PeerLinkClient duke = PeerLinkClient.builder()
                .servers(CLUSTER.servers())
                .identity(Identity.generate("duke"))
                .build()
                .connect()) {
            duke.subscribe(message -> {
                received.add(message.from() + " : " + message.text());
                duke.sendAsync(OutgoingMessage.text(message.from(), "hello Node"));
            });
            // By way of a follower, so that the redirect is followed, too.
            ProcessBuilder client = command(
                    directory,
                    "client",
                    "node",
                    "client.js",
                    Distribution.checkout().resolve("client/src/main/proto").toString(),
                    CLUSTER.follower().clientAddress(),
                    "node",
                    "duke",
                    "hello Java, \u00fcn\u00efcode");
            boolean good = succeeds(client, CLIENT_SECONDS);
            String output = Files.readString(directory.resolve("client.log"));
            assertThat(good).as(output).isTrue();
            assertThat(output.lines())
                    .containsExactlyInAnyOrder(
                            "redirected",
                            "attached node, registered",
                            "sent duke~node",
                            "receipt DELIVERED duke",
                            "message duke : hello Node");
            assertThat(received).containsExactly("node : hello Java, \u00fcn\u00efcode");
            await("the Node client's confirmation")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> duke.pending(Optional.of("node")).join().count() == 0);
        }
    }

    @Test
    void healthAndReflectionAnswerGenericTools() throws Exception {
        assertThat(health(CLUSTER.leader().clientAddress())).isEqualTo(ServingStatus.SERVING);
        assertThat(health(CLUSTER.follower().clientAddress())).isEqualTo(ServingStatus.NOT_SERVING);
        ManagedChannel channel = channel(CLUSTER.follower().clientAddress());
        try {
            CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
            StreamObserver<ServerReflectionRequest> question =
                    ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new FirstAnswer(answer));
            question.onNext(
                    ServerReflectionRequest.newBuilder().setListServices("").build());
            assertThat(answer.get(CLIENT_SECONDS, TimeUnit.SECONDS)
                            .getListServicesResponse()
                            .getServiceList())
                    .extracting(ServiceResponse::getName)
                    .contains("peerlink.v1.Router", "peerlink.v1.Queries", "peerlink.v1.Cluster");
            question.onCompleted();
        } finally {
            channel.shutdownNow();
        }
    }

    private record FirstAnswer(CompletableFuture<ServerReflectionResponse> answer)
            implements StreamObserver<ServerReflectionResponse> {
        @Override
        public void onNext(ServerReflectionResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable t) {
            answer.completeExceptionally(t);
        }

        @Override
        public void onCompleted() {}
    }

    private static ServingStatus health(String address) {
        ManagedChannel channel = channel(address);
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CLIENT_SECONDS, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder()
                            .setService("peerlink.v1.Router")
                            .build())
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private static ManagedChannel channel(String address) {
        return ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    }
}
