package io.peerlink.server.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the lines of an audit log still follow each other, through all of its files. One thread. */
public final class AuditCheck {
    private final AuditFiles files;
    private String before = "";
    private String fileBefore = "";
    private long lines;

    private AuditCheck(AuditFiles files) {
        this.files = files;
    }

    /** What was found. */
    public sealed interface Verdict {
        /** Nothing was ever written. */
        record Empty() implements Verdict {}

        /** Every line follows the one before it. */
        record Whole(int files, long lines) implements Verdict {}

        /** So they do, but behind the last one stands the beginning of another: a crash, a full disk, or it is being written. */
        record CutOff(Path file, long lines) implements Verdict {}

        /** Something was changed or taken out. */
        record Broken(Path file, String why) implements Verdict {}
    }

    /** Reads all of a directory's audit log. */
    public static Verdict of(Path directory) throws IOException {
        return new AuditCheck(new AuditFiles(directory)).run();
    }

    private Verdict run() throws IOException {
        int number = 0;
        for (Map.Entry<Integer, Path> older : files.setAside().entrySet()) {
            number++;
            if (older.getKey() != number) {
                return new Verdict.Broken(files.setAside(number), "is missing");
            }
            Optional<String> fault = follow(older.getValue());
            if (fault.isEmpty() && !FileEnd.of(older.getValue()).cutOff().isEmpty()) {
                fault = Optional.of("ends in a line that is cut off, although it was set aside");
            }
            if (fault.isPresent()) {
                return new Verdict.Broken(older.getValue(), fault.get());
            }
        }
        Path current = files.current();
        if (!Files.exists(current)) {
            return number == 0
                    ? new Verdict.Empty()
                    : new Verdict.Broken(
                            current, "is missing (or the router died while it set the one before it aside)");
        }
        Optional<String> fault = follow(current);
        if (fault.isPresent()) {
            return new Verdict.Broken(current, fault.get());
        }
        return FileEnd.of(current).cutOff().isEmpty()
                ? new Verdict.Whole(number + 1, lines)
                : new Verdict.CutOff(current, lines);
    }

    /** Goes through a file's whole lines; says what is wrong with the first that does not fit. */
    private Optional<String> follow(Path file) throws IOException {
        boolean cutOff = !FileEnd.of(file).cutOff().isEmpty();
        int number = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            @Nullable String next = reader.readLine();
            while (next != null) {
                String text = next;
                next = reader.readLine();
                if (next == null && cutOff) {
                    break;
                }
                number++;
                Optional<AuditLine> line = AuditLine.parse(text);
                if (line.isEmpty()) {
                    return Optional.of("line " + number + " is not an entry");
                }
                if (!line.get().previous().equals(AuditLine.previousOf(before))) {
                    return Optional.of("line " + number + predecessor(number));
                }
                before = text;
                lines++;
            }
        }
        fileBefore = String.valueOf(file.getFileName());
        return Optional.empty();
    }

    private String predecessor(int number) {
        if (number > 1) {
            return " does not follow the one before it";
        }
        return before.isEmpty()
                ? " is not the first: what was before it is missing"
                : " does not follow the end of " + fileBefore;
    }
}
