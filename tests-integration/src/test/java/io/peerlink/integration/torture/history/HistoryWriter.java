package io.peerlink.integration.torture.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends events to a file of one process. The file is mapped into memory: a record that was appended is the kernel's and
 * survives SIGKILL without any flush. A record's header is written last, so half a record is no record. Times rise within
 * a file, because the time is taken under the lock that gives the place. Thread-safe.
 */
public final class HistoryWriter implements AutoCloseable {
    private static final int WINDOW_BYTES = 65_536 * Event.BYTES;

    private final FileChannel channel;
    private MappedByteBuffer window;
    private long windowStart;
    private int position;

    /** Creates the file; an existing one is somebody else's. */
    public HistoryWriter(Path file) {
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            window = channel.map(FileChannel.MapMode.READ_WRITE, 0, WINDOW_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the history " + file, e);
        }
    }

    /** Appends with the time of now, which it returns. */
    public long append(Event event) {
        return append(event, true);
    }

    /** Appends with the event's own time: for made-up histories. */
    public void appendAsIs(Event event) {
        append(event, false);
    }

    private synchronized long append(Event event, boolean now) {
        if (position == WINDOW_BYTES) {
            nextWindow();
        }
        long nanos = now ? System.nanoTime() : event.nanos();
        Event timed = now ? event.at(nanos) : event;
        timed.writeBody(window, position);
        VarHandle.releaseFence();
        timed.writeHeader(window, position);
        position += Event.BYTES;
        return nanos;
    }

    private void nextWindow() {
        windowStart += WINDOW_BYTES;
        position = 0;
        try {
            window = channel.map(FileChannel.MapMode.READ_WRITE, windowStart, WINDOW_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot grow", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
