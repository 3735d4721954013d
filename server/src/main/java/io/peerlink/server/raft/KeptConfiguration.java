package io.peerlink.server.raft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of the cluster's configuration. Ratis replaces its own file whether or not the new one could be written whole, so on
 * a full disk it is lost, and nothing else holds who the members are once the log before is purged. The copy names the newest
 * checkpoint of its time: what was decided after that still stands in the log. With a newer checkpoint than that, it could be
 * out of date and is not used.
 *
 * @param file the copy; may be missing
 */
record KeptConfiguration(Path file) {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeptConfiguration.class);
    private static final String NAME = "configuration.kept";

    /** The copy in this data directory. */
    static KeptConfiguration in(Path dataDirectory) {
        return new KeptConfiguration(dataDirectory.resolve(NAME));
    }

    /** Whether a file holds a configuration as Ratis writes it. */
    static boolean isWhole(Path configuration) {
        try {
            return isConfiguration(Files.readAllBytes(configuration));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isConfiguration(byte[] bytes) {
        try {
            return LogEntryProto.parseFrom(bytes).hasConfigurationEntry();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Keeps this configuration. A failure leaves the old copy.
     *
     * @param checkpointIndex of the newest checkpoint, or less than 0
     * @throws IOException also if the configuration is not whole
     */
    void keep(Path configuration, long checkpointIndex) throws IOException {
        byte[] bytes = Files.readAllBytes(configuration);
        if (!isConfiguration(bytes)) {
            throw new IOException(configuration + " is not whole");
        }
        replace(
                file,
                ByteBuffer.allocate(Long.BYTES + bytes.length)
                        .putLong(checkpointIndex)
                        .put(bytes)
                        .flip());
    }

    /** The copy, if it is good beside a newest checkpoint of this index. */
    Optional<ByteBuffer> goodWith(long checkpointIndex) {
        try {
            ByteBuffer copy = ByteBuffer.wrap(Files.readAllBytes(file));
            boolean upToDate = copy.remaining() > Long.BYTES && copy.getLong() >= checkpointIndex;
            byte[] bytes = new byte[copy.remaining()];
            copy.get(bytes);
            return upToDate && isConfiguration(bytes) ? Optional.of(ByteBuffer.wrap(bytes)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Puts the copy in the place of a configuration that is not whole, if it is good. */
    void restore(Path configuration, long checkpointIndex) {
        goodWith(checkpointIndex).ifPresent(bytes -> {
            LOGGER.warn("{} was not written whole; its copy takes its place", configuration);
            try {
                replace(configuration, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot restore " + configuration, e);
            }
        });
    }

    private static void replace(Path target, ByteBuffer bytes) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
