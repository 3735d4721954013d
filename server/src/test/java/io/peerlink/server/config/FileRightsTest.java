package io.peerlink.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileRightsTest {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    /** Has no entry in passwd. */
    private static final int NOBODY_KNOWN = 54_321;

    @TempDir
    private Path directory;

    @Test
    void ownFileIsBelieved() throws IOException {
        Path file = Files.writeString(directory.resolve("own"), "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(FileRights.fault(file)).isEmpty();
    }

    /** As in a container that runs as a number. Only root may start a process as somebody else. */
    @Test
    void ownFileIsBelievedOfAUserWithoutAnEntryInPasswd() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("own"), "");
        assumeTrue((int) Files.getAttribute(file, "unix:uid") == 0 && Files.isExecutable(SETPRIV), "not root");
        Files.setAttribute(file, "unix:uid", NOBODY_KNOWN);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        copyOf(FileRights.class);
        copyOf(Look.class);

        Process look = new ProcessBuilder(
                        SETPRIV.toString(),
                        "--reuid=" + NOBODY_KNOWN,
                        "--regid=" + NOBODY_KNOWN,
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        directory.toString(),
                        Look.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(look.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("Optional.empty");
        assertThat(look.waitFor()).isZero();
    }

    /** To where the other user may read it. */
    private void copyOf(Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        Path copy = directory.resolve(name);
        Files.createDirectories(copy.getParent());
        try (var in = Objects.requireNonNull(type.getClassLoader().getResourceAsStream(name))) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Says what is wrong with a file, as the user that it runs as. */
    static final class Look {
        private Look() {}

        public static void main(String[] arguments) throws IOException {
            System.out.print(FileRights.fault(Path.of(arguments[0])));
        }
    }
}
