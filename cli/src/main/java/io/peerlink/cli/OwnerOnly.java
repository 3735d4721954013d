package io.peerlink.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes files and directories that only their owner may look into. Where a file system has no such rights, it makes them plainly. */
public final class OwnerOnly {
    private static final String DIRECTORY = "rwx------";
    private static final String FILE = "rw-------";

    private OwnerOnly() {}

    /** Makes the directory, or closes the one that is there to others. */
    public static Path directory(Path path) throws IOException {
        Files.createDirectories(path, from(path, DIRECTORY));
        return close(path, DIRECTORY);
    }

    /** Makes the file, empty, or closes the one that is there to others. */
    public static Path file(Path path) throws IOException {
        try {
            Files.createFile(path, from(path, FILE));
        } catch (FileAlreadyExistsException e) {
            return close(path, FILE);
        }
        return path;
    }

    private static FileAttribute<?>[] from(Path path, String rights) {
        return hasRights(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    private static Path close(Path path, String rights) throws IOException {
        return hasRights(path) ? Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights)) : path;
    }

    private static boolean hasRights(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
