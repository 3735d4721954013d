package io.peerlink.server.raft;

import io.peerlink.server.raft.SegmentFile.Finding;
import io.peerlink.server.raft.SegmentFile.Tail;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies in Ratis' log directory before Ratis opens it: is it fit to start from? Ratis knows only "refuse any damage", an
 * unfinished last entry included, and "cut off at any damage", acknowledged entries included. A missing vote or an unreadable
 * configuration it passes over in silence.
 *
 * @param directory Ratis' {@code current} directory; may be missing
 */
record StoredLog(Path directory) {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoredLog.class);
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_([0-9]+)|([0-9]+)-([0-9]+))");
    private static final String VOTE = "raft-meta";
    private static final String CONFIGURATION = "raft-meta.conf";
    /** The index of a checkpoint that is not there. */
    static final long NOTHING = -1;

    /** A segment by its name. */
    private record Segment(Path file, long first, OptionalLong last) {
        boolean isOpen() {
            return last.isEmpty();
        }
    }

    /**
     * Finishes a purge that a kill cut short: Ratis deletes the segments under a checkpoint newest first, so what is left of
     * them ends in a gap, at which it would refuse to start.
     *
     * @param checkpointIndex of the newest checkpoint, which was verified
     */
    void finishPurge(long checkpointIndex) {
        List<Segment> segments = segments();
        for (int i = segments.size() - 1; i > 0; i--) {
            if (isGap(segments, i) && segments.get(i).first <= checkpointIndex + 1) {
                for (Segment purged : segments.subList(0, i)) {
                    LOGGER.warn(
                            "{} lies under the checkpoint {} and was to be purged: deleted",
                            purged.file,
                            checkpointIndex);
                    delete(purged.file);
                }
                return;
            }
        }
    }

    /**
     * Whether the last entry is older than a checkpoint. So it is after a kill between the installing of a checkpoint and the
     * purge behind it. Ratis would open the last segment and append the entry behind the checkpoint to it: a hole in a file.
     * Not so if that segment is damaged, which is for others to refuse.
     */
    boolean endsBelow(long checkpointIndex) {
        List<Segment> segments = segments();
        if (segments.isEmpty()) {
            return false;
        }
        Segment newest = segments.get(segments.size() - 1);
        if (newest.last.isPresent() || newest.first > checkpointIndex) {
            return newest.last.orElse(checkpointIndex) < checkpointIndex;
        }
        Finding finding = SegmentFile.inspect(newest.file);
        return finding.tail() != Tail.DAMAGED && newest.first + finding.entries() - 1 < checkpointIndex;
    }

    /**
     * Removes all segments of a log that {@link #endsBelow} a checkpoint: the log then goes on behind it.
     *
     * @throws DamagedDataException if the vote is lost, which nobody would notice without segments
     */
    void removeCovered(long checkpointIndex) {
        refuseFirst(voteDamage());
        // Oldest first: what a kill leaves has no gap, and the next start goes on.
        for (Segment covered : segments()) {
            LOGGER.warn("{} ends below the checkpoint {}: deleted", covered.file, checkpointIndex);
            delete(covered.file);
        }
    }

    /** Whether entries are missing before this segment. */
    private static boolean isGap(List<Segment> segments, int i) {
        OptionalLong end = segments.get(i - 1).last;
        return end.isEmpty() || segments.get(i).first != end.getAsLong() + 1;
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    /**
     * The policy that Ratis may be started with: to cut off only if nothing but the last entry is unfinished. Reads the open
     * segment, and the others only if something is to be cut off: Ratis reads them all anyway.
     *
     * @throws DamagedDataException if anything else is damaged or missing
     */
    CorruptionPolicy corruptionPolicy() {
        refuseFirst(missingSegments(NOTHING));
        refuseFirst(voteDamage());
        refuseFirst(configurationDamage());
        CorruptionPolicy policy = CorruptionPolicy.EXCEPTION;
        for (Segment segment : segments()) {
            if (segment.isOpen()) {
                Finding finding = SegmentFile.inspect(segment.file);
                refuse(finding, true);
                if (finding.tail() == Tail.UNFINISHED_ENTRY) {
                    LOGGER.warn(
                            "the last entry in {} was not finished when this router stopped; it was never acknowledged"
                                    + " and is cut off at byte {}",
                            finding.file(),
                            finding.offset());
                    policy = CorruptionPolicy.WARN_AND_RETURN;
                }
            }
        }
        if (policy == CorruptionPolicy.WARN_AND_RETURN) {
            // The policy holds for every segment, so every other one must be whole.
            refuseDamagedSegments();
        }
        return policy;
    }

    /** Reads every closed segment. */
    void refuseDamagedSegments() {
        segments().stream()
                .filter(segment -> !segment.isOpen())
                .forEach(segment -> refuse(SegmentFile.inspect(segment.file), false));
    }

    /**
     * All that is wrong with the log and the vote, by file; an unfinished last entry is not. Reads everything.
     *
     * @param checkpointIndex of the newest checkpoint that is whole, or {@link #NOTHING}: what is missing under it is missed
     *     by nobody
     */
    List<String> damage(long checkpointIndex) {
        List<String> damage = new ArrayList<>(missingSegments(checkpointIndex));
        damage.addAll(voteDamage());
        for (Segment segment : segments()) {
            Finding finding = SegmentFile.inspect(segment.file);
            if (isDamage(finding, segment.isOpen())) {
                damage.add(describe(finding));
            }
        }
        return damage;
    }

    private static void refuse(Finding finding, boolean open) {
        if (isDamage(finding, open)) {
            throw new DamagedDataException(describe(finding));
        }
    }

    private static void refuseFirst(List<String> damage) {
        if (!damage.isEmpty()) {
            throw new DamagedDataException(damage.get(0));
        }
    }

    private static boolean isDamage(Finding finding, boolean open) {
        return finding.tail() == Tail.DAMAGED || (finding.tail() == Tail.UNFINISHED_ENTRY && !open);
    }

    private static String describe(Finding finding) {
        return "the Raft log is damaged: " + finding.file() + " at byte " + finding.offset()
                + "; acknowledged entries may be lost in it";
    }

    /** Whether entries are missing between two segments. */
    boolean hasGap() {
        return !missingSegments(NOTHING).isEmpty();
    }

    private List<String> missingSegments(long checkpointIndex) {
        List<String> damage = new ArrayList<>();
        List<Segment> segments = segments();
        for (int i = 1; i < segments.size(); i++) {
            if (isGap(segments, i) && segments.get(i).first > checkpointIndex + 1) {
                damage.add("the Raft log is damaged: " + segments.get(i).file + " does not follow "
                        + segments.get(i - 1).file + "; a segment is missing");
            }
        }
        return damage;
    }

    /** Without its vote a router could vote twice in a term. */
    private List<String> voteDamage() {
        Path vote = directory.resolve(VOTE);
        if (!segments().isEmpty() && !Files.isRegularFile(vote)) {
            return List.of(vote + " is missing, but there is a log");
        }
        return Files.isRegularFile(vote) && !isVote(vote)
                ? List.of(vote + " is damaged: no term or vote in it")
                : List.of();
    }

    /** Without its configuration a router could count a wrong majority. */
    List<String> configurationDamage() {
        Path configuration = configuration();
        return Files.isRegularFile(configuration) && !KeptConfiguration.isWhole(configuration)
                ? List.of(configuration + " is damaged: not a configuration")
                : List.of();
    }

    /** Where Ratis writes who the members are; may be missing. */
    Path configuration() {
        return directory.resolve(CONFIGURATION);
    }

    private static boolean isVote(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties.getProperty("votedFor") != null
                    && Long.parseLong(properties.getProperty("term", "")) >= 0;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Index of the first entry, or empty if there is no segment. */
    OptionalLong firstIndex() {
        return segments().stream().mapToLong(Segment::first).min();
    }

    /** In the order of their entries. */
    private List<Segment> segments() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Segment> segments = new ArrayList<>();
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = SEGMENT.matcher(file.getFileName().toString());
                if (name.matches()) {
                    segments.add(
                            name.group(1) != null
                                    ? new Segment(file, Long.parseLong(name.group(1)), OptionalLong.empty())
                                    : new Segment(
                                            file,
                                            Long.parseLong(name.group(2)),
                                            OptionalLong.of(Long.parseLong(name.group(3)))));
                }
            }
            segments.sort(Comparator.comparingLong(Segment::first));
            return segments;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }
}
