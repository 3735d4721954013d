package io.peerlink.server.doctor;

import io.peerlink.server.audit.AuditCheck;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.HostPort;
import io.peerlink.server.doctor.Finding.Level;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.identity.StartRefusedException;
import io.peerlink.server.raft.DamagedDataException;
import io.peerlink.server.raft.StoredData;
import io.peerlink.server.tls.RouterTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Looks at everything that a router needs on this machine, without starting one. Changes nothing but a probe file. */
public final class Doctor {
    private static final int SYNC_PROBES = 30;
    private static final int PROBE_BYTES = 4096;
    private static final double SYNC_SLOW_MS = 10;
    private static final double SYNC_TOO_SLOW_MS = 200;
    private static final int JAVA_MIN = 17;

    private final ServerConfig config;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(ServerConfig config) {
        this.config = config;
    }

    /** All findings, in the order of the checks. */
    public static List<Finding> examine(ServerConfig config) {
        Doctor doctor = new Doctor(config);
        doctor.java();
        doctor.cluster();
        boolean running = doctor.isRunning();
        doctor.ports(running);
        doctor.certificates();
        doctor.disk();
        doctor.audit();
        doctor.data(running);
        return List.copyOf(doctor.findings);
    }

    private void add(Level level, String what, String detail, String advice) {
        findings.add(new Finding(level, what, detail, advice));
    }

    private void java() {
        int version = Runtime.version().feature();
        String detail = Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors, heap "
                + Runtime.getRuntime().maxMemory() / 1_000_000 + " MB";
        if (version < JAVA_MIN) {
            add(Level.FAIL, "java", detail, "use Java 17 or newer");
        } else {
            findings.add(Finding.ok("java", detail));
        }
    }

    private void cluster() {
        int routers = config.routers().size();
        String detail = routers + " routers, this one is " + config.routerId();
        if (routers % 2 == 0) {
            add(Level.WARN, "cluster", detail, "an even number survives no more failures than one router less");
        } else if (routers == 1) {
            add(Level.WARN, "cluster", detail, "a single router survives no failure; three survive one");
        } else {
            findings.add(Finding.ok("cluster", detail));
        }
    }

    private boolean isRunning() {
        try {
            return StoredData.of(config).isInUse();
        } catch (IOException e) {
            add(
                    Level.FAIL,
                    "data",
                    "cannot read " + config.dataDir() + ": " + e.getMessage(),
                    "check its owner and mode");
            return false;
        }
    }

    private void ports(boolean running) {
        HostPort client = config.self().client();
        port("client port", client, config.bindHost(client), running);
        HostPort raft = config.self().raft();
        port("raft port", raft, config.bindHost(raft), running);
        ServerConfig.Http http = config.http();
        if (http.port() > 0) {
            port("http port", new HostPort(http.bind(), http.port()), http.bind(), running);
        }
    }

    private void port(String what, HostPort address, String bindHost, boolean running) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(bindHost, address.port()));
            findings.add(Finding.ok(what, address + " is free"));
        } catch (IOException e) {
            if (running) {
                findings.add(Finding.ok(what, address + " is in use by the running router"));
            } else {
                add(
                        Level.FAIL,
                        what,
                        address + ": " + e.getMessage(),
                        "stop what listens there, or configure another port");
            }
        }
    }

    private void certificates() {
        try {
            findings.add(Finding.ok(
                    "tls",
                    RouterTls.of(config)
                            .map(tls -> "certificates and keys fit; the first ends on " + tls.validUntil())
                            .orElse(config.listensBeyondLoopback() ? "none: insecure = true" : "none: loopback only")));
        } catch (IOException e) {
            add(Level.FAIL, "tls", String.valueOf(e.getMessage()), "peerlink tls issue makes new ones");
        }
    }

    private void disk() {
        Path directory = config.dataDir();
        try {
            if (!Files.isDirectory(directory)) {
                findings.add(Finding.ok("disk", directory + " does not exist yet"));
                return;
            }
            long free = Files.getFileStore(directory).getUsableSpace();
            String detail = free / 1_000_000 + " MB free, the floor is " + config.diskFreeMin() / 1_000_000 + " MB";
            if (free < config.diskFreeMin()) {
                add(Level.FAIL, "disk space", detail, "make room: new messages are refused below the floor");
            } else if (free < 4 * config.diskFreeMin()) {
                add(Level.WARN, "disk space", detail, "make room soon");
            } else {
                findings.add(Finding.ok("disk space", detail));
            }
            sync(directory);
        } catch (IOException e) {
            add(Level.FAIL, "disk", "cannot write in " + directory + ": " + e.getMessage(), "check its owner and mode");
        }
    }

    private void sync(Path directory) throws IOException {
        Path probe = Files.createTempFile(directory, "doctor", ".probe");
        double[] millis = new double[SYNC_PROBES];
        try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNC_PROBES; i++) {
                channel.write(ByteBuffer.allocate(PROBE_BYTES));
                long begin = System.nanoTime();
                channel.force(false);
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
        } finally {
            Files.delete(probe);
        }
        Arrays.sort(millis);
        double median = millis[SYNC_PROBES / 2];
        String detail = String.format(
                Locale.ROOT,
                "4 KiB to disk in %.2f ms (median), %.2f ms (worst of %d)",
                median,
                millis[SYNC_PROBES - 1],
                SYNC_PROBES);
        if (median > SYNC_TOO_SLOW_MS) {
            add(Level.FAIL, "disk sync", detail, "every message waits for this; use a local SSD");
        } else if (median > SYNC_SLOW_MS) {
            add(Level.WARN, "disk sync", detail, "every message waits for this; use a local SSD");
        } else {
            findings.add(Finding.ok("disk sync", detail));
        }
    }

    private void audit() {
        Path directory = config.dataDir();
        try {
            AuditCheck.Verdict verdict = AuditCheck.of(directory);
            if (verdict instanceof AuditCheck.Verdict.Empty) {
                findings.add(Finding.ok("audit log", "none yet"));
            } else if (verdict instanceof AuditCheck.Verdict.Whole whole) {
                findings.add(Finding.ok(
                        "audit log",
                        "each of " + whole.lines() + " lines in " + whole.files()
                                + " files follows the one before it"));
            } else if (verdict instanceof AuditCheck.Verdict.CutOff cutOff) {
                add(
                        Level.WARN,
                        "audit log",
                        "behind " + cutOff.lines() + " lines that follow each other, " + cutOff.file()
                                + " ends in one that is cut off",
                        "a crash or a full disk does that; the router notes it in front of its next line");
            } else {
                AuditCheck.Verdict.Broken broken = (AuditCheck.Verdict.Broken) verdict;
                add(
                        Level.FAIL,
                        "audit log",
                        broken.file() + ": " + broken.why(),
                        "somebody changed it: compare all of its files with a copy");
            }
        } catch (IOException e) {
            add(
                    Level.FAIL,
                    "audit log",
                    "cannot be read in " + directory + ": " + e.getMessage(),
                    "check its owner and mode");
        }
    }

    private void data(boolean running) {
        try {
            DataDirectory.open(config.dataDir(), config.clusterId(), config.routerId(), false);
            findings.add(Finding.ok("identity", "the data is " + config.routerId() + "'s of " + config.clusterId()));
        } catch (StartRefusedException e) {
            add(Level.FAIL, "identity", String.valueOf(e.getMessage()), e.hint());
        }
        StoredData stored = StoredData.of(config);
        if (!stored.exists()) {
            findings.add(Finding.ok("log", "no data yet"));
        } else if (running) {
            add(Level.WARN, "log", "not looked at: the router is running", "stop it first");
        } else {
            stored(stored);
        }
    }

    private void stored(StoredData stored) {
        try {
            stored.interruptedInstall()
                    .ifPresent(found -> add(Level.WARN, "checkpoints", found, "the next start does it by itself"));
            report("log", "every entry is whole", stored.logDamage());
            report("checkpoints", stored.checkpointCount() + ", all whole", stored.checkpointDamage());
        } catch (DamagedDataException e) {
            report("checkpoints", "", List.of(String.valueOf(e.getMessage())));
        }
    }

    private void report(String what, String sound, List<String> damage) {
        if (damage.isEmpty()) {
            findings.add(Finding.ok(what, sound));
        }
        damage.forEach(each -> add(Level.FAIL, what, each, DamagedDataException.WAY_BACK));
    }
}
