package io.peerlink.integration.torture.plant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A planted bug: Byteman rules in {@code src/test/resources/plants/NAME.btm} that are put into every router or client. The
 * comments at the head of the script say the rest, one {@code # word: value} a line.
 *
 * @param name of the file, without its ending
 * @param what the bug is
 * @param where it is put
 * @param invariant the one that must catch it, for example {@code I3}
 * @param routers how many routers the run needs
 * @param faults that provoke it
 * @param time how long it takes to provoke it on a machine that is not busy: {@code # seconds: N}, two if not said
 * @param script the rules
 */
public record Plant(
        String name,
        String what,
        Place where,
        String invariant,
        int routers,
        List<String> faults,
        Duration time,
        Path script) {
    private static final String SECONDS = "2";
    /** Times {@code time}. */
    private static final List<Integer> TRIES = List.of(1, 4, 10);

    /** Which processes have the bug. */
    public enum Place {
        /** Every router. */
        ROUTER,
        /** The first router only: one replica differs from the others. */
        ONE_ROUTER,
        /** Every client. */
        CLIENT
    }

    /** All there are, by name. */
    public static List<Plant> all(Path testsDirectory) {
        Path directory = testsDirectory.resolve("src/test/resources/plants");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".btm"))
                    .sorted()
                    .map(Plant::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    /** The plant with this name. */
    public static Plant named(Path testsDirectory, String name) {
        return all(testsDirectory).stream()
                .filter(plant -> plant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no plant '" + name + "', see --list-plants"));
    }

    private static Plant read(Path script) {
        Map<String, String> head;
        try (Stream<String> lines = Files.lines(script)) {
            head = lines.takeWhile(line -> line.startsWith("#"))
                    .filter(line -> line.matches("# [a-z]+: .*"))
                    .map(line -> line.substring(2).split(": ", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + script, e);
        }
        String file = script.getFileName().toString();
        return new Plant(
                file.substring(0, file.length() - ".btm".length()),
                of(head, "what", script),
                Place.valueOf(of(head, "in", script)
                        .toUpperCase(java.util.Locale.ROOT)
                        .replace('-', '_')),
                of(head, "invariant", script),
                Integer.parseInt(of(head, "routers", script)),
                Arrays.stream(of(head, "faults", script).split(","))
                        .filter(fault -> !fault.equals("none"))
                        .toList(),
                Duration.ofSeconds(Long.parseLong(head.getOrDefault("seconds", SECONDS))),
                script);
    }

    private static String of(Map<String, String> head, String word, Path script) {
        String value = head.get(word);
        if (value == null) {
            throw new IllegalArgumentException(script + " does not say '# " + word + ": ...'");
        }
        return value;
    }

    /** How long to look for it at most, by hand too: on a slow machine the first try may not provoke it. */
    public Duration patience() {
        return tries().get(TRIES.size() - 1);
    }

    /** How long to look for it, one try after another, until it is found. */
    public List<Duration> tries() {
        return TRIES.stream().map(time::multipliedBy).toList();
    }
}
