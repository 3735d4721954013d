package io.peerlink.server.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Whose data lies in a router's data directory: {@code router.properties} is made with the directory and says for which
 * cluster and router id, with a random incarnation that a directory made anew cannot have. {@code known-routers.properties}
 * remembers the incarnations of the other routers. Thread-safe.
 */
public final class DataDirectory {
    private static final String ORIGIN_NEW = "new";
    private static final String ORIGIN_JOINED = "joined";
    private static final String USED = "used";
    private static final String OWN_FILE = "router.properties";
    private static final String OTHERS_FILE = "known-routers.properties";

    private final PropertiesFile own;
    private final PropertiesFile others;
    private final Owner owner;
    private final boolean fresh;
    private final SortedMap<String, String> known;

    /**
     * Whose data it is.
     *
     * @param incarnation random, made with the directory
     * @param origin what the data began with: {@code new}, {@code joined}, or a name for the backup it was restored from
     */
    public record Owner(String clusterId, String routerId, String incarnation, String origin) {
        /** Started with nobody's configuration: waits to be added by a cluster's leader. */
        public boolean joined() {
            return origin.equals(ORIGIN_JOINED);
        }
    }

    private DataDirectory(PropertiesFile own, PropertiesFile others, Owner owner, boolean fresh) {
        this.own = own;
        this.others = others;
        this.owner = owner;
        this.fresh = fresh;
        this.known = others.read();
    }

    /**
     * Looks at a data directory; writes nothing.
     *
     * @param join if it is empty: to be added to an existing cluster, rather than to found one
     * @throws StartRefusedException if it is another cluster's or router's, or its log is gone
     */
    public static DataDirectory open(Path directory, String clusterId, String routerId, boolean join) {
        PropertiesFile own = new PropertiesFile(directory.resolve(OWN_FILE));
        PropertiesFile others = new PropertiesFile(directory.resolve(OTHERS_FILE));
        boolean log = hasLog(directory);
        if (!own.exists()) {
            // Data of a version that kept no such file is what it seems.
            Owner owner =
                    new Owner(clusterId, routerId, UUID.randomUUID().toString(), join ? ORIGIN_JOINED : ORIGIN_NEW);
            return new DataDirectory(own, others, owner, !log);
        }
        Map<String, String> values = own.read();
        Owner owner = owner(values);
        if (!owner.clusterId().equals(clusterId) || !owner.routerId().equals(routerId)) {
            throw new StartRefusedException(
                    directory + " holds the data of router " + owner.routerId() + " of cluster " + owner.clusterId()
                            + ", not of " + routerId + " of " + clusterId,
                    "correct router-id, cluster-id or data-dir");
        }
        if (!log && values.containsKey(USED)) {
            throw new StartRefusedException(
                    "the log of " + routerId + " is gone from " + directory,
                    "if its disk is not merely unmounted, let it rejoin under a new id: peerlink cluster help replace");
        }
        // Until there is a log, a second attempt must ask the others like the first.
        return new DataDirectory(own, others, owner, !log);
    }

    /** Whose data lies in a directory, if it says so. */
    public static Optional<Owner> ownerOf(Path directory) {
        PropertiesFile own = new PropertiesFile(directory.resolve(OWN_FILE));
        return own.exists() ? Optional.of(owner(own.read())) : Optional.empty();
    }

    private static Owner owner(Map<String, String> values) {
        return new Owner(
                values.getOrDefault("cluster-id", ""),
                values.getOrDefault("router-id", ""),
                values.getOrDefault("incarnation", ""),
                values.getOrDefault("origin", ORIGIN_NEW));
    }

    private static boolean hasFiles(Path directory) {
        String[] names = directory.toFile().list();
        return names != null && names.length > 0;
    }

    private static boolean hasLog(Path directory) {
        Path groups = directory.resolve("raft");
        if (!Files.isDirectory(groups)) {
            return false;
        }
        try (Stream<Path> found = Files.list(groups)) {
            return found.anyMatch(group -> hasFiles(group.resolve("current")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + groups, e);
        }
    }

    /** Prepares an empty directory for a router that begins with a backup's state. */
    public static void claimRestored(Path directory, Owner owner) {
        DataDirectory restored = new DataDirectory(
                new PropertiesFile(directory.resolve(OWN_FILE)),
                new PropertiesFile(directory.resolve(OTHERS_FILE)),
                owner,
                true);
        restored.claim();
        restored.noteUsed();
    }

    public Owner owner() {
        return owner;
    }

    /** Whether nothing lay here: a router that never ran, or one that lost its disk. */
    public boolean isFresh() {
        return fresh;
    }

    /** Makes it this owner's, unless it is already. */
    public void claim() {
        if (!own.exists()) {
            own.write(values());
        }
    }

    /** From now on a missing log means a lost one. */
    public void noteUsed() {
        SortedMap<String, String> values = values();
        values.put(USED, "true");
        if (!own.read().equals(values)) {
            own.write(values);
        }
    }

    private SortedMap<String, String> values() {
        return new TreeMap<>(Map.of(
                "cluster-id", owner.clusterId(),
                "router-id", owner.routerId(),
                "incarnation", owner.incarnation(),
                "origin", owner.origin()));
    }

    /** The incarnation under which another router was first met. */
    public synchronized Optional<String> incarnationOf(String routerId) {
        return Optional.ofNullable(known.get(routerId));
    }

    /**
     * Remembers another router, for ever: an id that lost its disk is not used again.
     *
     * @return whether it is the one that was met before, or nobody was
     */
    public synchronized boolean meet(String routerId, String incarnation) {
        String before = known.putIfAbsent(routerId, incarnation);
        if (before == null) {
            others.write(known);
        }
        return before == null || before.equals(incarnation);
    }
}
