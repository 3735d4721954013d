package io.peerlink.server.audit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines that is only appended to, each on disk before the call goes on and each with the hash of the one before it:
 * a line that is changed or taken out breaks the chain (the pattern of Schneier and Kelsey's secure logs, without their keys). That
 * lines are missing at the end shows only beside a copy, and whoever can write the file can also write all of it anew. Only calls
 * of proven operators are written, so a stranger cannot fill the disk. Any thread; nothing blocks but opening and closing.
 */
public final class AuditLog implements AutoCloseable {
    /** In the router's data directory. */
    public static final String FILE = "audit.log";

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final int WHAT_LENGTH_MAX = 1_000;
    private static final int STOP_SECONDS = 5;

    private final FileChannel channel;
    private final InstantSource clock;
    /** Owns {@link #last} and the end of the file. */
    private final ExecutorService thread;

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

    private AuditLog(FileChannel channel, InstantSource clock, String last, ExecutorService thread) {
        this.channel = channel;
        this.thread = thread;
        this.clock = clock;
        this.last = last;
    }

    /** Goes on with the log in a directory, or begins one; readable by its owner alone. */
    public static AuditLog open(Path directory, InstantSource clock) throws IOException {
        return open(directory, clock, Executors.newSingleThreadExecutor(task -> new Thread(task, "audit")));
    }

    /** As {@link #open(Path, InstantSource)}; writes on {@code thread}, which it takes over and which must keep the order. */
    public static AuditLog open(Path directory, InstantSource clock, ExecutorService thread) throws IOException {
        Path file = directory.resolve(FILE);
        String last = "";
        if (Files.exists(file)) {
            try (BufferedReader lines = reader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line;
                }
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
        return new AuditLog(channel, clock, last, thread);
    }

    /** A crash may cut a character in two, which must not keep a router from starting. */
    private static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
    }

    private static boolean endsWithNewline(Path file, long size) throws IOException {
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(1);
            reader.read(end, size - 1);
            return end.get(0) == '\n';
        }
    }

    /** Writes a line, on the log's own thread. Fails with an IOException if it is not on disk. */
    public CompletableFuture<Void> write(String operator, String call, String what, String result) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    append(operator, call, what, result);
                    written.complete(null);
                } catch (IOException e) {
                    written.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            written.completeExceptionally(new IOException("the router stops", e));
        }
        return written;
    }

    private void append(String operator, String call, String what, String result) throws IOException {
        String shown = what.length() <= WHAT_LENGTH_MAX ? what : what.substring(0, WHAT_LENGTH_MAX) + "...";
        String line = GSON.toJson(
                new Line(clock.instant().toString(), operator, call, shown, result, last.isEmpty() ? "" : hash(last)));
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        long before = channel.size();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            // Half a line would swallow the next one.
            channel.truncate(before);
            throw e;
        }
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
        for (String text : lines(file)) {
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

    private static List<String> lines(Path file) throws IOException {
        try (BufferedReader lines = reader(file)) {
            return lines.lines().toList();
        }
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
        thread.shutdown();
        try {
            thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
