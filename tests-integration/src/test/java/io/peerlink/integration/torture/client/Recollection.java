package io.peerlink.integration.torture.client;

import io.peerlink.integration.torture.history.HistoryFile;
import io.peerlink.integration.torture.history.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a client process knows of its earlier lives. An application that presents a message and remembers it in one
 * transaction is shown nothing twice, also across SIGKILL; here the record of the presentation is that transaction.
 */
final class Recollection {
    private final Map<Integer, Integer> lives = new HashMap<>();
    private final Map<Integer, Long> presented = new HashMap<>();
    private final Path nextFile;

    Recollection(Path directory, int client) {
        String prefix = "client-" + client + ".";
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> mine = files.filter(file -> file.getFileName().toString().startsWith(prefix)
                            && file.toString().endsWith(".history"))
                    .toList();
            mine.forEach(this::recall);
            nextFile = directory.resolve(prefix + mine.size() + ".history");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void recall(Path file) {
        HistoryFile.read(file, event -> {
            lives.merge(event.peer(), event.life(), Math::max);
            if (event.kind() == Kind.PRESENT) {
                presented.merge(event.peer(), event.extra(), Math::max);
            }
        });
    }

    /** Where this life of the process writes. */
    Path nextFile() {
        return nextFile;
    }

    boolean isReborn() {
        return !lives.isEmpty();
    }

    int lastLife(int peer) {
        return lives.getOrDefault(peer, 0);
    }

    long lastPresented(int peer) {
        return presented.getOrDefault(peer, 0L);
    }
}
