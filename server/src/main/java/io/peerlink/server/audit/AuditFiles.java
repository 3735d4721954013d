package io.peerlink.server.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one audit log: {@code audit.log.1} is the oldest, then 2, 3, ...; {@code audit.log} is written to.
 *
 * @param directory the router's data directory
 */
record AuditFiles(Path directory) {
    private static final Pattern SET_ASIDE = Pattern.compile(Pattern.quote(AuditLog.FILE) + "\\.([1-9][0-9]{0,8})");

    Path current() {
        return directory.resolve(AuditLog.FILE);
    }

    Path setAside(int number) {
        return directory.resolve(AuditLog.FILE + "." + number);
    }

    /** By number; nothing if there is no such directory. */
    SortedMap<Integer, Path> setAside() throws IOException {
        SortedMap<Integer, Path> found = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Matcher name = SET_ASIDE.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    found.put(Integer.parseInt(name.group(1)), file);
                }
            }
        }
        return found;
    }

    /** Under which the current file is set aside: free, and behind all others. */
    Path next() throws IOException {
        SortedMap<Integer, Path> older = setAside();
        return setAside(older.isEmpty() ? 1 : older.lastKey() + 1);
    }

    /** The last whole line of the log, in whichever file; empty if there is none. */
    String lastLine() throws IOException {
        List<Path> oldestFirst = Stream.concat(setAside().values().stream(), Stream.of(current()))
                .toList();
        String last = "";
        for (int i = oldestFirst.size() - 1; i >= 0 && last.isEmpty(); i--) {
            last = FileEnd.of(oldestFirst.get(i)).lastLine();
        }
        return last;
    }

    /** Puts the files' names on disk. */
    void sync() throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
