package io.peerlink.server.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a disk that syncs no more while the log has nothing to write: a follower that receives a checkpoint only answers
 * Ratis' leader that a piece failed and is sent it again, for ever. So when the log was not flushed since the last look, a
 * block of a small file is written and synced in its place; always the same one, which needs no more room once it is there.
 *
 * <p>To be run from time to time, on a thread of its own: a sick disk can hold a sync for minutes.
 */
final class DiskProbe implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DiskProbe.class);
    private static final int BLOCK_BYTES = 4096;

    private final Path file;
    private final LongSupplier flushIndex;
    private final Halt halt;
    /** As of the last look. Own thread. */
    private long flushed = Long.MIN_VALUE;

    /**
     * @param file on the disk in question; nobody else's
     * @param flushIndex of the log now; what it throws is taken for a log that does not move
     */
    DiskProbe(Path file, LongSupplier flushIndex, Halt halt) {
        this.file = file;
        this.flushIndex = flushIndex;
        this.halt = halt;
    }

    @Override
    public void run() {
        try {
            long before = flushed;
            flushed = lastFlushed();
            if (flushed == before) {
                sync();
            }
        } catch (IOException e) {
            halt.halt(FatalFault.LOG_NOT_WRITTEN, "the disk does not sync " + file + ": " + e, e);
        }
    }

    private long lastFlushed() {
        try {
            return flushIndex.getAsLong();
        } catch (RuntimeException e) {
            // Whether the log lives is the other watch's question; the disk can be asked without it.
            LOGGER.debug("no flush index", e);
            return Long.MIN_VALUE;
        }
    }

    /** Opened anew each time: a disk that can only be read by now refuses that, too. */
    private void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(BLOCK_BYTES), 0);
            channel.force(false);
        }
    }
}
