package io.peerlink.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Syncs one block on a disk again and again and remembers when that took long, so that a disk that stands still is told from a
 * router that does. The block is overwritten in place: no sync of it waits for the file system's journal, so it is the least that
 * any sync takes. A thread of its own; bound: {@value #STALLS_MAX} stalls, the latest.
 */
final class DiskWatch implements AutoCloseable {
    private static final int BLOCK_BYTES = 4_096;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final long STALL_NANOS = 10_000_000;
    private static final int STALLS_MAX = 10_000;

    private final FileChannel channel;
    private final Thread thread = new Thread(this::run, "disk-watch");
    /** Guarded by itself. */
    private final ArrayDeque<Stall> stalls = new ArrayDeque<>();

    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    private record Stall(long beganNanos, long endedNanos) {}

    /** Watches the disk under a directory, in a file that is gone once this is closed. */
    DiskWatch(Path directory) throws IOException {
        channel = FileChannel.open(
                directory.resolve("disk.watch"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        while (!closed) {
            long began = System.nanoTime();
            try {
                channel.write(block.clear(), 0);
                channel.force(false);
            } catch (IOException e) {
                failure = e;
                return;
            }
            note(began, System.nanoTime());
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Takes note of a sync between two {@link System#nanoTime}. */
    void note(long beganNanos, long endedNanos) {
        if (endedNanos - beganNanos < STALL_NANOS) {
            return;
        }
        synchronized (stalls) {
            if (stalls.size() == STALLS_MAX) {
                stalls.remove();
            }
            stalls.add(new Stall(beganNanos, endedNanos));
        }
    }

    /**
     * The longest sync that ended since then, in milliseconds; 0 if none took {@value #STALL_NANOS} ns.
     *
     * @param sinceNanos as {@link System#nanoTime}
     * @throws IOException if the disk has failed meanwhile
     */
    long longestMs(long sinceNanos) throws IOException {
        IOException failed = failure;
        if (failed != null) {
            throw new IOException("cannot sync on the disk that the routers use", failed);
        }
        synchronized (stalls) {
            return stalls.stream()
                            .filter(stall -> stall.endedNanos() - sinceNanos > 0)
                            .mapToLong(stall -> stall.endedNanos() - stall.beganNanos())
                            .max()
                            .orElse(0)
                    / 1_000_000;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
