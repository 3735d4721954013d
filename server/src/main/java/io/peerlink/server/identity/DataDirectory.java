package io.peerlink.server.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final String LOG = "raft";
    private static final String RESTORING = "restoring";
    /** All that a restore makes here. */
    private static final Set<String> OF_A_RESTORE = Set.of(RESTORING, OWN_FILE, OWN_FILE + ".tmp", LOG);

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
     * @throws StartRefusedException if it is another cluster's or router's, half restored, or its log is gone
     */
    public static DataDirectory open(Path directory, String clusterId, String routerId, boolean join) {
        if (Files.exists(restoring(directory))) {
            throw new StartRefusedException(
                    "the restore into " + directory + " did not finish",
                    "run it again, or delete the directory: peerlink cluster help restore");
        }
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

    /** Where a restore works: made before anything else is, and deleted when all is done. */
    public static Path restoring(Path directory) {
        return directory.resolve(RESTORING);
    }

    /** Whether nothing lies here but what a restore leaves that did not finish. */
    public static boolean isHalfRestored(Path directory) {
        String[] names = directory.toFile().list();
        return names != null
                && Arrays.asList(names).contains(RESTORING)
                && Arrays.stream(names).allMatch(OF_A_RESTORE::contains);
    }

    /** Where the Raft log and the checkpoints lie. */
    public static Path log(Path directory) {
        return directory.resolve(LOG);
    }

    private static boolean hasFiles(Path directory) {
        String[] names = directory.toFile().list();
        return names != null && names.length > 0;
    }

    private static boolean hasLog(Path directory) {
        Path groups = log(directory);
        if (!Files.isDirectory(groups)) {
            return false;
        }
        try (Stream<Path> found = Files.list(groups)) {
            return found.anyMatch(group -> hasFiles(group.resolve("current")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + groups, e);
        }
    }

    /** Says whose a directory is that is being restored; from now on a missing log means a lost one. */
    public static void claimRestored(Path directory, Owner owner) {
        new DataDirectory(
                        new PropertiesFile(directory.resolve(OWN_FILE)),
                        new PropertiesFile(directory.resolve(OTHERS_FILE)),
                        owner,
                        true)
                .noteUsed();
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
