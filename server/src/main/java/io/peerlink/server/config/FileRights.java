package io.peerlink.server.config;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Who could have written a file that says who has power here, or read a secret. Stateless. */
public final class FileRights {
    private static final long ROOT = 0;
    /** This process, where the kernel shows it (Linux). */
    private static final Path PROCESS = Path.of("/proc/self");

    private static final Set<PosixFilePermission> WRITING =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> EVERYBODY =
            EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private FileRights() {}

    /** Why a file is not to be believed; empty if only root and the user of this process may write it, or where there are no such rights. */
    static Optional<String> fault(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return Optional.empty();
        }
        return fault(Files.getPosixFilePermissions(file), owner(file), self());
    }

    /** Why a key is no secret; empty if not everybody may read or write it, or where there are no such rights. Groups may: orchestrators give secrets so. */
    public static Optional<String> exposure(Path key) throws IOException {
        if (!key.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Optional.empty();
        }
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(key);
        return Collections.disjoint(rights, EVERYBODY)
                ? Optional.empty()
                : Optional.of("can be read or written by everybody (" + PosixFilePermissions.toString(rights)
                        + "): chmod o-rw");
    }

    /** Number of this process's user. JDK 17's {@link UnixSystem} takes one without an entry in passwd, as containers have, for 0. */
    private static long self() throws IOException {
        return Files.exists(PROCESS) ? owner(PROCESS) : new UnixSystem().getUid();
    }

    private static long owner(Path file) throws IOException {
        return ((Integer) Files.getAttribute(file, "unix:uid")).longValue();
    }

    /**
     * As {@link #fault(Path)}.
     *
     * @param owner number of the file's owner
     * @param self number of this process's user
     */
    static Optional<String> fault(Set<PosixFilePermission> rights, long owner, long self) {
        if (!Collections.disjoint(rights, WRITING)) {
            return Optional.of("others may write it (" + PosixFilePermissions.toString(rights) + "): chmod go-w");
        }
        return owner == ROOT || owner == self
                ? Optional.empty()
                : Optional.of("it belongs to user " + owner + "; only root and the router's own user (" + self
                        + ") may own it: chown");
    }
}
