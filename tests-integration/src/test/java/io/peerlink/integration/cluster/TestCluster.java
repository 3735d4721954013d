package io.peerlink.integration.cluster;

import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.RouterPlace;
import io.peerlink.cli.tls.ClusterCertificates;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.admin.RouterInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Routers of the distribution as real processes on free ports in a directory of their own, for one test class:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestCluster CLUSTER = TestCluster.ofThree().with("raft.checkpoint-entries = 100");
 *
 * @Test
 * void somethingHolds() {
 *     try (TestPeer alice = CLUSTER.peer("alice"); TestPeer bob = CLUSTER.peer("bob")) {
 *         CLUSTER.kill(CLUSTER.leader());
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>It starts before the first test. Before each further one, paused routers go on, dead ones are started and a leader is
 * awaited. When a test fails, the ends of all router logs are printed and the directory stays. All processes are killed at
 * the end, also when the JVM is stopped. For the test's thread only.
 */
final class TestCluster implements BeforeAllCallback, BeforeEachCallback, AfterTestExecutionCallback, AfterAllCallback {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final List<String> HOSTS = List.of("127.0.0.1");
    private static final Duration VALID = Duration.ofDays(1);
    private static final int LOG_TAIL_LINES = 60;
    /** No elections without a fault on a busy machine with two cores. */
    private static final String CALM_ELECTIONS = "raft { election-timeout-min = 1s, election-timeout-max = 2s }\n";

    private final int size;
    private final StringBuilder config = new StringBuilder();
    private final Set<String> paused = new HashSet<>();
    private @Nullable LocalCluster cluster;
    private @Nullable Thread onExit;
    private Map<String, String> environment = Map.of();
    private boolean failed;
    private boolean leftAsItIs;
    private boolean tls;
    private @Nullable ClusterCertificates certificates;

    private TestCluster(int size, String config) {
        this.size = size;
        this.config.append(config);
    }

    /** Three routers with patient elections. */
    static TestCluster ofThree() {
        return new TestCluster(3, CALM_ELECTIONS);
    }

    /** A single router. */
    static TestCluster ofOne() {
        return new TestCluster(1, "");
    }

    /** More configuration: a line of HOCON under {@code peerlink}. */
    TestCluster with(String line) {
        config.append(line).append('\n');
        return this;
    }

    /** What the routers find in their environment. */
    TestCluster in(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
    }

    /** All ports by TLS, with certificates of this cluster's own. */
    TestCluster withTls() {
        tls = true;
        return this;
    }

    /** Before each test nothing is started: for tests that choose what their routers start from. */
    TestCluster leftAsItIs() {
        leftAsItIs = true;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, GeneralSecurityException {
        Path directory =
                Distribution.scratch().resolve(context.getRequiredTestClass().getSimpleName());
        LocalCluster prepared;
        if (Files.exists(directory)) {
            LocalCluster.prepare(Distribution.home(), directory, size, "").delete();
        }
        String whole = config.toString();
        if (tls) {
            ClusterCertificates made = ClusterCertificates.create(directory.resolve("tls"));
            whole += ClusterCertificates.configuration(made.issue(HOSTS, VALID, false));
            certificates = made;
        }
        RouterPlace place = new RouterPlace(RouterPlace.LOOPBACK.host(), List.of(), environment);
        prepared = LocalCluster.prepare(Distribution.home(), directory, Collections.nCopies(size, place), whole)
                .trusting(trust());
        cluster = prepared;
        Thread hook = new Thread(prepared::close, "kill-routers");
        Runtime.getRuntime().addShutdownHook(hook);
        onExit = hook;
        prepared.start();
    }

    /** A whole cluster again, whatever the test before did to it. */
    @Override
    public void beforeEach(ExtensionContext context) {
        if (leftAsItIs) {
            return;
        }
        cluster().routers().stream().filter(this::isPaused).forEach(this::resume);
        cluster().start();
        awaitAllUp();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            failed = true;
            System.out.println("=== " + context.getDisplayName() + " failed; router logs follow");
            cluster().routers().forEach(TestCluster::printLog);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LocalCluster closing = cluster();
        closing.routers().stream().filter(this::isPaused).forEach(this::resume);
        closing.close();
        if (onExit != null) {
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
        if (!failed) {
            closing.delete();
        }
    }

    private static void printLog(LocalRouter router) {
        try {
            List<String> lines = Files.readAllLines(router.log());
            System.out.println(
                    "--- " + router.id() + (router.isRunning() ? "" : " (not running)") + ", " + router.log());
            lines.stream().skip(Math.max(0, lines.size() - LOG_TAIL_LINES)).forEach(System.out::println);
        } catch (IOException e) {
            System.out.println("--- " + router.id() + " has no readable log: " + e);
        }
    }

    private LocalCluster cluster() {
        return Objects.requireNonNull(cluster, "register this with @RegisterExtension on a static field");
    }

    /** Whom clients of this cluster trust. */
    RouterTrust trust() {
        return certificates == null ? RouterTrust.plainText() : RouterTrust.authority(authority());
    }

    /** What clients by TLS are given. */
    Path authority() {
        return certificates().authority();
    }

    /** The directory with what the routers show. */
    Path shown() {
        return directory().resolve("tls").resolve(HOSTS.get(0));
    }

    /** Gives the routers new certificates of the same authorities. */
    void renewCertificates() throws IOException, GeneralSecurityException {
        certificates().issue(HOSTS, VALID, true);
    }

    private ClusterCertificates certificates() {
        return Objects.requireNonNull(certificates, "withTls() was not asked for");
    }

    /** Client addresses of all routers. */
    List<String> servers() {
        return cluster().servers();
    }

    List<LocalRouter> routers() {
        return cluster().routers();
    }

    /** The directory with configuration, data and logs. */
    Path directory() {
        return cluster().directory();
    }

    /** The router that takes sessions; waits for one. */
    LocalRouter leader() {
        return cluster().awaitLeader(PATIENCE);
    }

    /** A leader other than this one; waits for it. */
    LocalRouter leaderOtherThan(LocalRouter former) {
        return await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> cluster().leader().filter(leader -> !leader.id().equals(former.id())), Optional::isPresent)
                .orElseThrow();
    }

    /** A running router that does not lead. */
    LocalRouter follower() {
        LocalRouter leader = leader();
        return routers().stream()
                .filter(router -> !router.id().equals(leader.id()) && router.isRunning())
                .findFirst()
                .orElseThrow();
    }

    /** SIGKILL; returns when the process is gone. */
    void kill(LocalRouter router) {
        router.kill();
    }

    /** SIGKILL to all of them, as close together as can be. */
    void killAll() {
        cluster().routers().forEach(router -> signal(router, "KILL"));
        cluster().close();
    }

    /** Starts all that do not run, and waits until they answer and one leads. */
    void startAll() {
        cluster().start();
        awaitAllUp();
    }

    /** Starts a dead router and waits until it answers. */
    void start(LocalRouter router) {
        router.start();
        awaitUp(router);
    }

    /** One more router, configured and not started. */
    LocalRouter prepareRouter(String id) {
        return cluster().prepareRouter(id);
    }

    /** One more router, configured and not started, at the addresses of one that is gone. */
    LocalRouter prepareSuccessor(LocalRouter gone, String id) {
        return cluster().prepareSuccessor(gone, id);
    }

    /** Counts a router out of what is started and waited for. */
    void forget(LocalRouter router) {
        cluster().forget(router);
    }

    /** SIGTERM, waits for the end, starts it again and waits until it answers. */
    void restartOrderly(LocalRouter router) {
        router.stop();
        start(router);
    }

    /** SIGSTOP: its connections stay open and silent. */
    void pause(LocalRouter router) {
        signal(router, "STOP");
        paused.add(router.id());
    }

    /** SIGCONT. */
    void resume(LocalRouter router) {
        signal(router, "CONT");
        paused.remove(router.id());
    }

    private boolean isPaused(LocalRouter router) {
        return paused.contains(router.id());
    }

    private static void signal(LocalRouter router, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(router.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAllUp() {
        leader();
        routers().forEach(this::awaitUp);
    }

    private void awaitUp(LocalRouter router) {
        await("router " + router.id() + " answers")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> cluster()
                        .info(router, false)
                        .filter(info -> info.leader().isPresent())
                        .isPresent());
    }

    /** What a router says of itself. */
    RouterInfo info(LocalRouter router) {
        return cluster().info(router, false).orElseThrow();
    }

    /** The state that a router holds, if it answers. */
    Optional<RouterInfo.StateDigest> digest(LocalRouter router) {
        return cluster().info(router, true).flatMap(RouterInfo::digest);
    }

    /** What a router says of itself, if it answers. */
    Optional<RouterInfo> find(LocalRouter router) {
        return cluster().info(router, false);
    }

    /** Waits until all running routers hold the same state; traffic must have ended. */
    void awaitEqualDigests() {
        await("equal digests").atMost(PATIENCE).pollInterval(POLL).until(() -> {
            long running = routers().stream().filter(LocalRouter::isRunning).count();
            Set<Optional<RouterInfo.StateDigest>> digests = new HashSet<>();
            List<RouterInfo> answers = cluster().digests();
            answers.forEach(info -> digests.add(info.digest()));
            return answers.size() == running
                    && digests.size() == 1
                    && !digests.contains(Optional.<RouterInfo.StateDigest>empty());
        });
    }

    /** Resident memory of a router's process, in bytes. */
    static long residentBytes(LocalRouter router) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(router.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new attached peer with a ledger of its own. */
    TestPeer peer(String name) {
        return peer(name, new DeliveryLedger());
    }

    /** A new attached peer; what it sends and receives goes into the ledger. */
    TestPeer peer(String name, DeliveryLedger ledger) {
        return new TestPeer(name, servers(), trust(), ledger);
    }
}
