package io.peerlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnerOnlyTest {
    @TempDir
    private Path base;

    @Test
    void othersCannotLookIntoWhatIsMadeOrWasThere() throws IOException {
        for (int round = 0; round < 2; round++) {
            Path directory = OwnerOnly.directory(base.resolve("state"));
            Path file = OwnerOnly.file(directory.resolve("history"));

            assertThat(rights(directory)).isEqualTo("rwx------");
            assertThat(rights(file)).isEqualTo("rw-------");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
