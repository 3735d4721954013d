package io.peerlink.statemachine.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.state.v1.CheckpointFile;
import io.peerlink.state.v1.CheckpointManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The file that makes a directory a checkpoint: what must be in it. Protobuf bytes behind their own CRC-32C, because
 * everything else is judged by them. Stateless.
 */
final class Manifest {
    static final String FILE_NAME = "MANIFEST.peerlink";

    private Manifest() {}

    static void write(Path directory, CheckpointManifest manifest) {
        byte[] bytes = manifest.toByteArray();
        ByteBuffer content = ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(crc(bytes))
                .put(bytes);
        try {
            Files.write(directory.resolve(FILE_NAME), content.array());
        } catch (IOException e) {
            throw new CheckpointException("cannot write " + directory.resolve(FILE_NAME), e);
        }
    }

    /** Reads it and checks its form, not the files it names. */
    static CheckpointManifest read(Path directory) {
        Path path = directory.resolve(FILE_NAME);
        try {
            byte[] content = Files.readAllBytes(path);
            if (content.length < Integer.BYTES) {
                throw new CheckpointException(path + " is damaged: too short");
            }
            byte[] bytes = Arrays.copyOfRange(content, Integer.BYTES, content.length);
            if (ByteBuffer.wrap(content).getInt() != crc(bytes)) {
                throw new CheckpointException(path + " is damaged: wrong checksum");
            }
            CheckpointManifest manifest = CheckpointManifest.parseFrom(bytes);
            Set<String> seen = new HashSet<>();
            for (CheckpointFile file : manifest.getFilesList()) {
                if (!isFileBeside(file.getName())) {
                    throw new CheckpointException(path + " names a file elsewhere: " + file.getName());
                }
                if (!seen.add(file.getName())) {
                    throw new CheckpointException(path + " names a file twice: " + file.getName());
                }
            }
            return manifest;
        } catch (InvalidProtocolBufferException e) {
            throw new CheckpointException(path + " is damaged", e);
        } catch (IOException e) {
            throw new CheckpointException(path + " cannot be read", e);
        }
    }

    /** Whether a name cannot lead out of the directory, which matters because a manifest may have come over the network. */
    private static boolean isFileBeside(String name) {
        return !name.isEmpty()
                && name.indexOf('/') < 0
                && name.indexOf(0) < 0
                && !Set.of(".", "..", FILE_NAME).contains(name);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
