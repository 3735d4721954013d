package io.peerlink.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path directory;

    private DataDirectory open() {
        return DataDirectory.open(directory, "acme", "n1", false);
    }

    @Test
    void keepsItsIncarnationFromTheFirstStartOn() {
        DataDirectory first = open();
        assertThat(first.isFresh()).isTrue();
        first.claim();
        DataDirectory second = open();
        assertThat(second.isFresh()).as("until there is a log").isTrue();
        assertThat(second.owner()).isEqualTo(first.owner());
    }

    @Test
    void aJoinedRouterStaysOneWithoutBeingToldAgain() {
        DataDirectory.open(directory, "acme", "n1", true).claim();
        assertThat(open().owner().joined()).isTrue();
    }

    @Test
    void refusesTheDataOfAnotherRouterOrCluster() {
        open().claim();
        assertThatThrownBy(() -> DataDirectory.open(directory, "acme", "n2", false))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("router n1 of cluster acme");
        assertThatThrownBy(() -> DataDirectory.open(directory, "other", "n1", false))
                .isInstanceOf(StartRefusedException.class);
    }

    @Test
    void noticesThatItsLogIsGone() {
        DataDirectory data = open();
        data.claim();
        // A crash before the log was made is harmless.
        assertThat(open().owner()).isEqualTo(data.owner());
        data.noteUsed();
        assertThatThrownBy(this::open).isInstanceOf(StartRefusedException.class).hasMessageContaining("is gone");
    }

    @Test
    void takesDataWithoutAnOwnerForWhatTheySeem() throws Exception {
        Path current = directory.resolve("raft").resolve("group").resolve("current");
        Files.createDirectories(current);
        Files.writeString(current.resolve("raft-meta"), "term=1");
        assertThat(open().isFresh()).isFalse();
    }

    @Test
    void remembersTheIncarnationsOfOthers() {
        assertThat(open().meet("n2", "first")).isTrue();
        DataDirectory later = open();
        assertThat(later.incarnationOf("n2")).contains("first");
        assertThat(later.meet("n2", "first")).isTrue();
        assertThat(later.meet("n2", "second")).isFalse();
        assertThat(open().incarnationOf("n2")).contains("first");
    }
}
