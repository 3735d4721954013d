package io.peerlink.server.raft;

import io.peerlink.server.raft.SegmentFile.Finding;
import io.peerlink.server.raft.SegmentFile.Tail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies in Ratis' log directory before Ratis opens it: is it fit to start from? Ratis knows only "refuse any damage", an
 * unfinished last entry included, and "cut off at any damage", acknowledged entries included.
 *
 * @param directory Ratis' {@code current} directory; may be missing
 */
record StoredLog(Path directory) {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoredLog.class);
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_([0-9]+)|([0-9]+)-[0-9]+)");

    /**
     * The policy that Ratis may be started with: to cut off only if nothing but the last entry is unfinished.
     *
     * @throws LogUnavailableException if anything else is damaged
     */
    CorruptionPolicy corruptionPolicy() {
        CorruptionPolicy policy = CorruptionPolicy.EXCEPTION;
        for (Path open : segments("log_inprogress_")) {
            Finding finding = SegmentFile.inspect(open);
            if (finding.tail() == Tail.DAMAGED) {
                throw damaged(finding);
            }
            if (finding.tail() == Tail.UNFINISHED_ENTRY) {
                LOGGER.warn(
                        "the last entry in {} was not finished when this router stopped; it was never acknowledged and"
                                + " is cut off at byte {}",
                        finding.file(),
                        finding.offset());
                policy = CorruptionPolicy.WARN_AND_RETURN;
            }
        }
        if (policy == CorruptionPolicy.WARN_AND_RETURN) {
            // The policy holds for every segment, so every other one must be whole.
            for (Path segment : segments("log_")) {
                Finding finding = SegmentFile.inspect(segment);
                boolean open = segment.getFileName().toString().startsWith("log_inprogress_");
                if (finding.tail() != Tail.CLEAN && !open) {
                    throw damaged(finding);
                }
            }
        }
        return policy;
    }

    private static LogUnavailableException damaged(Finding finding) {
        return new LogUnavailableException("the Raft log is damaged: " + finding.file() + " at byte " + finding.offset()
                + ". Acknowledged entries may be lost in it, so this router does not start. Move its data directory away"
                + " and let it rejoin under a new id: peerlink cluster help replace.");
    }

    /** Index of the first entry, or empty if there is no segment. */
    OptionalLong firstIndex() {
        return segments("log_").stream().mapToLong(StoredLog::firstIndex).min();
    }

    private static long firstIndex(Path segment) {
        Matcher matcher = SEGMENT.matcher(segment.getFileName().toString());
        if (!matcher.matches()) {
            throw new LogUnavailableException("not a log segment: " + segment);
        }
        return Long.parseLong(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }

    private List<Path> segments(String prefix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file ->
                            SEGMENT.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }
}
