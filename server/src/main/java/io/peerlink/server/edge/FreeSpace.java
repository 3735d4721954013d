package io.peerlink.server.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk has room for new messages. A router that fills its disk to the last byte dies; one that stops taking
 * messages before can still confirm, expire and trim, which makes room. {@link #look} belongs to one thread, the answer to
 * any.
 */
public final class FreeSpace {
    private static final Logger LOGGER = LoggerFactory.getLogger(FreeSpace.class);

    private static final long SLACK_BYTES = 64 << 20;

    private final Path directory;
    private final long floorBytes;
    private volatile boolean low;

    /**
     * @param directory on the disk in question
     * @param floorBytes below this it is low; 0: never
     */
    public FreeSpace(Path directory, long floorBytes) {
        this.directory = directory;
        this.floorBytes = floorBytes;
    }

    /** Looks at the disk. Once low, a little more than the floor must be free, so that it does not flap. */
    public void look() {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            boolean now = free < floorBytes + (low ? Math.min(floorBytes / 8, SLACK_BYTES) : 0);
            if (now != low) {
                low = now;
                LOGGER.warn(
                        "{} bytes are free in {}, the floor is {}: new messages are {}",
                        free,
                        directory,
                        floorBytes,
                        now ? "refused" : "taken again");
            }
        } catch (IOException e) {
            LOGGER.warn("cannot tell how much is free in {}", directory, e);
        }
    }

    /** Whether new messages are to be refused. */
    public boolean isLow() {
        return low;
    }
}
