package io.peerlink.server.backup;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerlink.server.backup.RestoreException.Kind;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A backup as {@code peerlink cluster backup} wrote it: files of a checkpoint, and {@code backup.json} that says what they
 * must be.
 */
record BackupDirectory(
        Path path, String clusterId, LogPosition position, String digest, List<Checkpoint.Content> files) {
    private static final String MANIFEST = "backup.json";
    private static final int FORMAT = 1;
    /** SHA-256 in hex. */
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private static final int BUFFER_BYTES = 1 << 16;

    BackupDirectory {
        files = List.copyOf(files);
    }

    /** Reads the manifest; judges nothing else. */
    static BackupDirectory read(Path path) {
        Path manifest = path.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            throw new RestoreException(Kind.NO_BACKUP, "there is no finished backup in " + path);
        }
        try {
            Config config = ConfigFactory.parseFile(manifest.toFile());
            if (config.getInt("backup_format") != FORMAT) {
                throw new RestoreException(Kind.DAMAGED, manifest + " is of a newer format");
            }
            List<Checkpoint.Content> files = config.getConfigList("files").stream()
                    .map(file -> new Checkpoint.Content(
                            file.getString("name"),
                            file.getLong("size"),
                            Integer.parseUnsignedInt(file.getString("crc32c"), 16)))
                    .toList();
            String digest = config.getString("digest");
            if (!DIGEST.matcher(digest).matches()) {
                throw new RestoreException(Kind.DAMAGED, manifest + " is damaged: no digest");
            }
            return new BackupDirectory(
                    path,
                    config.getString("cluster_id"),
                    new LogPosition(config.getLong("term"), config.getLong("index")),
                    digest,
                    files);
        } catch (com.typesafe.config.ConfigException | NumberFormatException e) {
            throw new RestoreException(Kind.DAMAGED, manifest + " is damaged: " + e.getMessage());
        }
    }

    /** Copies the files and checks each by what was read. */
    void copyTo(Path target) throws IOException {
        for (Checkpoint.Content file : files) {
            String name = file.name();
            // It may come from anywhere: a name must not lead out of the directory.
            if (name.indexOf('/') >= 0 || name.indexOf(0) >= 0 || !Files.isRegularFile(path.resolve(name))) {
                throw new RestoreException(Kind.DAMAGED, name + " is missing in " + path);
            }
            Path copy = target.resolve(name);
            Files.copy(path.resolve(name), copy);
            if (Files.size(copy) != file.sizeBytes() || crc(copy) != file.crc32c()) {
                throw new RestoreException(Kind.DAMAGED, path.resolve(name) + " is damaged");
            }
        }
    }

    private static int crc(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
            }
        }
        return (int) crc.getValue();
    }
}
