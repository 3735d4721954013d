package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A follower is killed in the middle of a write: half an entry stands at the end of its open log segment, then zeros. It was
 * never acknowledged, so the router must cut it off, say so, and go on.
 */
final class DamagedTail implements Fault {
    private static final int HEADER_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    /** A segment may have been closed in the moment of the kill, and the next one not been opened. */
    private static final int TRIES = 5;

    private @Nullable LogMark before;

    @Override
    public String name() {
        return "damaged-tail";
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return stage.followerObstacle();
    }

    @Override
    public void inject(Stage stage, Random random) {
        LocalRouter chosen = stage.someFollower(random);
        try {
            for (int i = 0; i < TRIES; i++) {
                chosen.kill();
                before = LogMark.now(chosen);
                Optional<Path> open = openSegment(chosen.data());
                boolean done = open.isPresent() && appendHalfAnEntry(open.get());
                chosen.start();
                if (done) {
                    return;
                }
                stage.makeWhole();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot damage the log of " + chosen.id(), e);
        }
        throw new IllegalStateException(chosen.id() + " never had an entry in an open segment");
    }

    private static Optional<Path> openSegment(Path data) throws IOException {
        try (Stream<Path> tree = Files.walk(data)) {
            return tree.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                    .max(Comparator.comparing(Path::toString));
        }
    }

    /** Writes the first half of a copy of the last entry behind it; false if there is none. */
    private static boolean appendHalfAnEntry(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int last = 0;
        int end = HEADER_BYTES;
        int next = entryEnd(bytes, end);
        while (next > 0) {
            last = end;
            end = next;
            next = entryEnd(bytes, end);
        }
        if (last == 0) {
            return false;
        }
        // What stands there already is the real remnant of an unfinished write.
        boolean brokenAlready = end < bytes.length && bytes[end] != 0;
        if (!brokenAlready) {
            try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(bytes, last, (end - last) / 2), end);
            }
        }
        return true;
    }

    /** Where the entry ends that starts here, by its length (a varint); 0 if there is none. */
    private static int entryEnd(byte[] bytes, int start) {
        int length = 0;
        for (int i = 0; i < CHECKSUM_BYTES && start + i < bytes.length; i++) {
            length |= (bytes[start + i] & 0x7f) << (7 * i);
            if (bytes[start + i] >= 0) {
                int end = start + i + 1 + length + CHECKSUM_BYTES;
                return length > 0 && end <= bytes.length ? end : 0;
            }
        }
        return 0;
    }

    @Override
    public boolean verify(Stage stage) {
        return before != null && before.isFollowedBy("it was never acknowledged and is cut off");
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ZERO;
    }

    @Override
    public void heal(Stage stage) {
        stage.checkAlive();
    }
}
