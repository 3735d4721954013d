package io.peerlink.client.admin;

import com.google.protobuf.ByteString;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.protocol.v1.BackupHeader;
import io.peerlink.protocol.v1.BackupPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Writes a backup as it arrives, reads back what is on disk, and only then writes {@code backup.json}: a directory without it
 * is no backup.
 */
final class BackupDownload {
    private static final String MANIFEST = "backup.json";
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,200}");
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path directory;
    private final Iterator<BackupPart> parts;
    private ByteBuffer piece = ByteBuffer.allocate(0);

    BackupDownload(Path directory, Iterator<BackupPart> parts) {
        this.directory = directory;
        this.parts = parts;
    }

    BackupInfo run() throws IOException {
        if (!parts.hasNext()) {
            throw broken("nothing was sent");
        }
        BackupInfo info = info(parts.next().getHeader());
        Files.createDirectories(directory);
        for (BackupInfo.File file : info.files()) {
            receive(file);
        }
        if (piece.hasRemaining() || parts.hasNext()) {
            throw broken("more was sent than announced");
        }
        for (BackupInfo.File file : info.files()) {
            if (crc(directory.resolve(file.name())) != file.crc32c()) {
                throw broken(file.name() + " is not on disk as it was sent");
            }
        }
        Path temporary = directory.resolve(MANIFEST + ".tmp");
        Files.writeString(temporary, info.json());
        sync(temporary);
        Files.move(temporary, directory.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
        return info;
    }

    private static BackupInfo info(BackupHeader header) {
        header.getFilesList().forEach(file -> requirePlain(file.getName()));
        requirePlain(header.getClusterId());
        requirePlain(header.getRouterId());
        return new BackupInfo(
                header.getClusterId(),
                header.getRouterId(),
                header.getVersion().replaceAll("[^A-Za-z0-9._-]", "_"),
                header.getFormat(),
                header.getTerm(),
                header.getIndex(),
                HexFormat.of().formatHex(header.getDigest().toByteArray()),
                header.getFilesList().stream()
                        .map(file -> new BackupInfo.File(file.getName(), file.getSizeBytes(), file.getCrc32C()))
                        .toList(),
                Instant.ofEpochMilli(header.getTakenAtMs()));
    }

    /** The router is not trusted with where files go. */
    private static void requirePlain(String name) {
        if (!PLAIN_NAME.matcher(name).matches() || name.equals(MANIFEST)) {
            throw broken("a name is not plain");
        }
    }

    private void receive(BackupInfo.File file) throws IOException {
        try (FileChannel out = FileChannel.open(
                directory.resolve(file.name()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long missing = file.sizeBytes();
            while (missing > 0) {
                if (!piece.hasRemaining()) {
                    piece = nextPiece();
                }
                ByteBuffer mine = piece.slice();
                mine.limit((int) Math.min(missing, mine.remaining()));
                int written = out.write(mine);
                piece.position(piece.position() + written);
                missing -= written;
            }
            out.force(true);
        }
    }

    private ByteBuffer nextPiece() {
        if (!parts.hasNext()) {
            throw broken("the end is missing");
        }
        ByteString content = parts.next().getContent();
        if (content.isEmpty()) {
            throw broken("an empty piece was sent");
        }
        return content.asReadOnlyByteBuffer();
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

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static PeerLinkException broken(String what) {
        return new PeerLinkException(
                ErrorCode.PROTOCOL_VIOLATION, "the backup is broken: " + what, "take it again", true);
    }
}
