package io.peerlink.server.audit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines that is only appended to, each synced to disk before the call goes on and each with the hash of the one
 * before it: a line that is changed or taken out breaks the chain (the pattern of Schneier and Kelsey's secure logs, without their
 * keys, so whoever can write the file can also write all of it anew). Only calls of proven operators are written, so a stranger
 * cannot fill the disk. Thread-safe; blocks for the disk.
 */
public final class AuditLog implements AutoCloseable {
    /** In the router's data directory. */
    public static final String FILE = "audit.log";

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final int WHAT_LENGTH_MAX = 1_000;

    private final FileChannel channel;
    private final InstantSource clock;
    private String last;

    /**
     * A line.
     *
     * @param time when it was written, ISO 8601
     * @param operator whose key proved the call; "loopback" where none was needed
     * @param call the method
     * @param what the request, as text
     * @param result "asked" before it is carried out; then "done", or the code of the refusal
     * @param previous SHA-256 of the line before, without its end; empty on the first
     */
    record Line(String time, String operator, String call, String what, String result, String previous) {}

    private AuditLog(FileChannel channel, InstantSource clock, String last) {
        this.channel = channel;
        this.clock = clock;
        this.last = last;
    }

    /** Goes on with the log in a directory, or begins one; readable by its owner alone. */
    public static AuditLog open(Path directory, InstantSource clock) throws IOException {
        Path file = directory.resolve(FILE);
        String last = "";
        if (Files.exists(file)) {
            try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
                last = lines.reduce("", (before, line) -> line);
            }
        }
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] rights = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), rights);
        if (channel.size() > 0 && !endsWithNewline(file, channel.size())) {
            // A crash tore the last line; the chain goes on over what is there.
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return new AuditLog(channel, clock, last);
    }

    private static boolean endsWithNewline(Path file, long size) throws IOException {
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(1);
            reader.read(end, size - 1);
            return end.get(0) == '\n';
        }
    }

    /**
     * Writes a line.
     *
     * @throws IOException if it is not on disk; then the call must not be carried out
     */
    public synchronized void write(String operator, String call, String what, String result) throws IOException {
        String shown = what.length() <= WHAT_LENGTH_MAX ? what : what.substring(0, WHAT_LENGTH_MAX) + "...";
        String line = GSON.toJson(
                new Line(clock.instant().toString(), operator, call, shown, result, last.isEmpty() ? "" : hash(last)));
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
        last = line;
    }

    /**
     * Checks the chain of a log.
     *
     * @return empty if it holds, else what is wrong with the first line that does not fit
     */
    public static Optional<String> firstBreak(Path file) throws IOException {
        String before = "";
        int number = 0;
        for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            Line line = parse(text);
            if (line != null) {
                String expected = before.isEmpty() ? "" : hash(before);
                if (!expected.equals(line.previous())) {
                    return Optional.of("line " + number + " does not follow the one before it");
                }
            } else if (number == 1 || parse(before) == null) {
                // One torn line is what a crash leaves; the next one's hash covers it.
                return Optional.of("line " + number + " is not an entry");
            }
            before = text;
        }
        return Optional.empty();
    }

    private static @Nullable Line parse(String text) {
        try {
            Line line = GSON.fromJson(text, Line.class);
            return line == null || line.previous() == null ? null : line;
        } catch (JsonParseException e) {
            return null;
        }
    }

    private static String hash(String line) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
