package io.peerlink.integration.torture.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Reads one file of events, oldest first. Not thread-safe. */
public final class HistoryFile implements AutoCloseable {
    private static final long WINDOW_BYTES = 1 << 28;

    private final FileChannel channel;
    private final long size;
    private MappedByteBuffer window;
    private long windowStart;
    private int position;

    public HistoryFile(Path file) {
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            size = channel.size();
            window = map(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the history " + file, e);
        }
    }

    /** Gives all events of a file to {@code reader}. */
    public static void read(Path file, Consumer<Event> reader) {
        try (HistoryFile history = new HistoryFile(file)) {
            for (Event event = history.next(); event.kind() != Kind.NOTHING; event = history.next()) {
                reader.accept(event);
            }
        }
    }

    private MappedByteBuffer map(long start) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(WINDOW_BYTES, size - start));
    }

    /** The next event; {@link Kind#NOTHING} at the end. */
    public Event next() {
        if (position + Event.BYTES > window.capacity()) {
            long nextStart = windowStart + window.capacity();
            if (window.capacity() < WINDOW_BYTES || nextStart >= size) {
                return Event.of(Kind.NOTHING, Op.NONE, 0, 0, 0);
            }
            windowStart = nextStart;
            position = 0;
            try {
                window = map(windowStart);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Event event = Event.read(window, position);
        if (event.kind() != Kind.NOTHING) {
            position += Event.BYTES;
        }
        return event;
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
