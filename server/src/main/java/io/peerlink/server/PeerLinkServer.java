package io.peerlink.server;

import io.peerlink.server.agreement.ReplicaAgreement;
import io.peerlink.server.audit.AuditLog;
import io.peerlink.server.backup.PinnedCheckpoint;
import io.peerlink.server.config.OperatorList;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.dispatch.Ticker;
import io.peerlink.server.edge.ClientLimits;
import io.peerlink.server.edge.ClusterAccess;
import io.peerlink.server.edge.EdgeContext;
import io.peerlink.server.edge.EdgeServer;
import io.peerlink.server.edge.FreeSpace;
import io.peerlink.server.edge.Introductions;
import io.peerlink.server.edge.Leadership;
import io.peerlink.server.edge.RouterCalls;
import io.peerlink.server.edge.SessionRegistry;
import io.peerlink.server.health.Readiness;
import io.peerlink.server.http.OperatorHttp;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.identity.StartRefusedException;
import io.peerlink.server.metrics.RouterMeters;
import io.peerlink.server.raft.FatalFault;
import io.peerlink.server.raft.RaftNode;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.server.tls.RouterTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One router: puts the parts together, starts them in order and stops them in reverse. */
public final class PeerLinkServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PeerLinkServer.class);
    private static final long CHECK_MS = 500;
    private static final long MEET_MS = 1_000;
    /** As conf/peerlink.conf says. */
    private static final long RELOAD_MS = 5_000;
    /** Clients attach elsewhere meanwhile, which needs the processor more than closing does. */
    private static final long TAKE_OVER_MS = 300;

    private static final int WORK_THREADS = 2;
    /** Half of the processors at most: whoever asks without end leaves the rest to messages. */
    private static final int QUERY_THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final int WORK_WAITING_MAX = 10_000;

    private final SecureRandom random = new SecureRandom();
    private final Deque<Part> started = new ArrayDeque<>();
    private final SessionRegistry sessions;
    private final Optional<RouterTls> tls;
    private final RouterCalls others;
    private final RaftNode raft;
    private final DataDirectory data;
    private final Introductions introductions;

    private record Part(String name, AutoCloseable closeable) {}

    private PeerLinkServer(ServerConfig config, boolean join) throws IOException {
        this.sessions = new SessionRegistry(config.limits(), random);
        this.tls = RouterTls.of(config);
        this.others = new RouterCalls(tls);
        this.data = DataDirectory.open(config.dataDir(), config.clusterId(), config.routerId(), join);
        this.introductions = new Introductions(config, data, others);
        if (data.isFresh()) {
            introductions.requireWelcome();
        }
        data.claim();
        PinnedCheckpoint.removeLeftovers(config.dataDir());
        LeaderDuties duties = part("leader duties", new LeaderDuties());
        this.raft = part("raft", new RaftNode(config, data.owner().joined(), duties, tls));
        try {
            assemble(config, duties);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a router. Returns when it takes connections; a leader may be elected later.
     *
     * @param join if there are no data yet: wait to be added to an existing cluster, rather than found one
     * @throws IOException if a port cannot be bound or the log cannot be read
     * @throws io.peerlink.server.identity.StartRefusedException if it must not start with these data
     */
    public static PeerLinkServer start(ServerConfig config, boolean join) throws IOException {
        return new PeerLinkServer(config, join);
    }

    private void assemble(ServerConfig config, LeaderDuties duties) throws IOException {
        ThreadPoolExecutor work = workThreads("work", WORK_THREADS);
        part("work", work::shutdownNow);
        ThreadPoolExecutor queries = workThreads("query", QUERY_THREADS);
        part("query", queries::shutdownNow);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "timer"));
        part("timer", timer::shutdownNow);

        RouterMeters meters = part("metrics", new RouterMeters(config, raft));
        CommandBatcher batcher =
                part("submit", new CommandBatcher(meters.log(), config.raft(), InstantSource.system()));
        Dispatcher dispatcher = part("dispatch", new Dispatcher(raft));
        Ticker ticker = part("tick", new Ticker(batcher, config));
        ReplicaAgreement agreement = part("agreement", agreement(config, batcher));
        Leadership leadership = new Leadership(raft::otherLeaderAddress, System::nanoTime);
        FreeSpace freeSpace = new FreeSpace(config.dataDir(), config.diskFreeMin());
        EdgeContext context = new EdgeContext(
                config,
                batcher,
                dispatcher,
                leadership,
                sessions,
                ClientLimits.of(config, raft),
                freeSpace,
                meters.edge(),
                work,
                queries,
                timer,
                random);
        OperatorList operators = OperatorList.of(config);
        EdgeServer edge = part("edge", new EdgeServer(context, access(config, meters, operators), tls));
        Readiness readiness = new Readiness(config.routerId(), raft::status, freeSpace);
        meters.watch(new RouterMeters.Sources(batcher, dispatcher, sessions, readiness, tls, operators));

        duties.assume(new LeaderDuties.Duties(
                leadership,
                dispatcher,
                agreement::onCompared,
                List.of(ticker::setLeading, agreement::setLeading, edge::setServing),
                sessions,
                raft::servingTerm));
        raft.start();
        data.noteUsed();
        batcher.start();
        edge.start();
        serveOperators(config, readiness, meters);
        each(timer, CHECK_MS, freeSpace::look);
        each(timer, CHECK_MS, () -> edge.setReady(readiness.look().ready()));
        each(timer, CHECK_MS, duties::check);
        each(timer, MEET_MS, () -> meetOthers(work));
        tls.ifPresent(credentials -> each(timer, RELOAD_MS, credentials::look));
        each(timer, RELOAD_MS, operators::look);
        tellWhereItListens(config);
    }

    private ClusterAccess access(ServerConfig config, RouterMeters meters, OperatorList operators) throws IOException {
        return new ClusterAccess(
                raft,
                raft::status,
                raft.membership(),
                data,
                raft::newestCheckpoint,
                meters::load,
                others,
                operators,
                part("audit", AuditLog.open(config.dataDir(), config.access().auditBytes(), InstantSource.system())));
    }

    private ReplicaAgreement agreement(ServerConfig config, CommandBatcher batcher) {
        return new ReplicaAgreement(
                new ReplicaAgreement.Sources(
                        config.routerId(), raft::status, index -> raft.read(view -> view.runningHash(index))),
                batcher,
                (router, index) -> others.stateHash(config.clusterId(), router, index));
    }

    /** A task that fails once is tried again: otherwise the timer would drop it, without a word. */
    private static void each(ScheduledExecutorService timer, long millis, Runnable task) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | StackOverflowError e) {
                        LOGGER.error("a periodic task failed; it is tried again", e);
                    }
                },
                0,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void serveOperators(ServerConfig config, Readiness readiness, RouterMeters meters) throws IOException {
        ServerConfig.Http http = config.http();
        if (http.port() > 0) {
            InetSocketAddress address = new InetSocketAddress(http.bind(), http.port());
            part("http", new OperatorHttp(config.routerId(), address, readiness, meters::scrape));
        }
    }

    private static void tellWhereItListens(ServerConfig config) {
        LOGGER.info(
                "router {} of cluster {} listens for clients on {}, for routers on {}, {}",
                config.routerId(),
                config.clusterId(),
                config.self().client(),
                config.self().raft(),
                config.tls().isPresent() ? "by TLS" : "in plain text");
        if (config.tls().isEmpty() && config.listensBeyondLoopback()) {
            LOGGER.warn(
                    "INSECURE: other machines reach these ports, and there is no TLS (insecure = true): whoever is on"
                            + " the network can read and forge messages, and write the log");
        }
    }

    private static ThreadPoolExecutor workThreads(String name, int threads) {
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WORK_WAITING_MAX),
                task -> new Thread(task, name));
    }

    private void meetOthers(Executor work) {
        try {
            work.execute(() -> introductions.meetOthers(raft::status, PeerLinkServer::halt));
        } catch (RejectedExecutionException e) {
            // Much to do now; the timer comes again.
            LOGGER.debug("introductions wait");
        }
    }

    private static void halt(StartRefusedException refusal) {
        FatalFault.NOT_WELCOME.halt(refusal.getMessage() + "; " + refusal.hint(), refusal);
    }

    private <T extends AutoCloseable> T part(String name, T closeable) {
        started.push(new Part(name, closeable));
        return closeable;
    }

    /** Stops: leadership is handed over, clients are told to go there, then the parts close in reverse order. */
    @Override
    public void close() {
        boolean handedOver = raft.handOver();
        sessions.goAway("the router stops", raft.otherLeaderAddress());
        if (handedOver) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TAKE_OVER_MS));
        }
        while (!started.isEmpty()) {
            Part part = started.pop();
            try {
                part.closeable().close();
            } catch (Exception e) {
                LOGGER.warn("{} did not stop cleanly", part.name(), e);
            }
        }
        LOGGER.info("stopped");
    }
}
