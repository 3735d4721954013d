package io.peerlink.server.audit;

import io.peerlink.server.config.ServerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of JSON lines that is only appended to, each on disk before the call goes on and each with the hash of the one before it:
 * a line that is changed or taken out breaks the chain (the pattern of Schneier and Kelsey's secure logs, without their keys). That
 * lines are missing at the end shows only beside a copy, and whoever can write the file can also write all of it anew. A file that
 * has become large is set aside under a number, and the chain goes on in the next one; none is ever removed here. Only calls of
 * proven operators are written, and where nobody needs to be one, what changes something. Any thread; nothing blocks but opening and closing.
 */
public final class AuditLog implements AutoCloseable {
    /** In the router's data directory. */
    public static final String FILE = "audit.log";

    private static final Logger LOGGER = LoggerFactory.getLogger(AuditLog.class);
    private static final int WHAT_LENGTH_MAX = 1_000;
    private static final int STOP_SECONDS = 5;

    private final AuditFiles files;
    private final long bytesMax;
    private final InstantSource clock;
    /** Owns all that follows. */
    private final ExecutorService thread;

    private final Opener opener;
    private FileChannel channel;
    /** Where the whole lines of the file end. What is behind it was cut off by a crash or a full disk, and goes before the next line. */
    private long end;

    private String last;
    /** What a former run left of a line; told by the next one. */
    private String cutOff;

    /** Opens a file to append to it, and makes it if it is missing. */
    interface Opener {
        FileChannel open(Path file) throws IOException;
    }

    private AuditLog(AuditFiles files, long bytesMax, InstantSource clock, ExecutorService thread, Opener opener)
            throws IOException {
        this.files = files;
        this.bytesMax = bytesMax;
        this.thread = thread;
        this.clock = clock;
        this.opener = opener;
        FileEnd found = FileEnd.of(files.current());
        this.end = found.whole();
        this.cutOff = found.cutOff();
        this.last = files.lastLine();
        this.channel = opener.open(files.current());
        if (!cutOff.isEmpty()) {
            LOGGER.warn("{} ends in a line that was cut off: {}", files.current(), cutOff);
        }
    }

    /**
     * Goes on with the log in a directory, or begins one; readable by its owner alone.
     *
     * @param bytesMax a file with so many is set aside before the next line
     */
    public static AuditLog open(Path directory, long bytesMax, InstantSource clock) throws IOException {
        return open(directory, bytesMax, clock, Executors.newSingleThreadExecutor(task -> new Thread(task, "audit")));
    }

    /** As {@link #open(Path, long, InstantSource)}; writes on {@code thread}, which it takes over and which must keep the order. */
    public static AuditLog open(Path directory, long bytesMax, InstantSource clock, ExecutorService thread)
            throws IOException {
        return open(directory, bytesMax, clock, thread, AuditLog::appendTo);
    }

    static AuditLog open(Path directory, long bytesMax, InstantSource clock, ExecutorService thread, Opener opener)
            throws IOException {
        return new AuditLog(new AuditFiles(directory), bytesMax, clock, thread, opener);
    }

    static FileChannel appendTo(Path file) throws IOException {
        FileAttribute<?>[] rights =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), rights);
    }

    /** Writes a line, on the log's own thread. Fails with an IOException if it is not on disk. */
    public CompletableFuture<Void> write(String operator, String call, String what, String result) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    prepare();
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

    /** Makes the file end in a whole line, and be short enough for one more. */
    private void prepare() throws IOException {
        if (channel.size() > end) {
            channel.truncate(end);
        }
        if (!cutOff.isEmpty()) {
            append(ServerConfig.ROUTER_ITSELF, "Start", cutOff, "CUT_OFF");
            cutOff = "";
        }
        if (end >= bytesMax) {
            setAside();
        }
    }

    private void setAside() throws IOException {
        // Missing: set aside before, but then no new one could be made.
        if (Files.exists(files.current())) {
            Files.move(files.current(), files.next());
        }
        FileChannel next = opener.open(files.current());
        channel.close();
        channel = next;
        end = 0;
    }

    private void append(String operator, String call, String what, String result) throws IOException {
        String shown = what.length() <= WHAT_LENGTH_MAX ? what : what.substring(0, WHAT_LENGTH_MAX) + "...";
        String line = new AuditLine(
                        clock.instant().toString(), operator, call, shown, result, AuditLine.previousOf(last))
                .text();
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (end == 0) {
            files.sync();
        }
        try {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(false);
        } catch (IOException e) {
            // Half a line would swallow the next one.
            try {
                channel.truncate(end);
            } catch (IOException again) {
                // Then it is done before the next line.
                e.addSuppressed(again);
            }
            throw e;
        }
        end += bytes.length;
        last = line;
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
