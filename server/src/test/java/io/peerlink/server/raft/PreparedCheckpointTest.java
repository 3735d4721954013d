package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreparedCheckpointTest {
    private static final long INDEX = 10;

    private final PreparedCheckpoint prepared = new PreparedCheckpoint();

    @TempDir
    private Path directory;

    private Path place = Path.of("");
    private Path finished = Path.of("");

    @BeforeEach
    void makeDirectories() throws IOException {
        place = directory.resolve("next");
        finished = Files.createDirectory(directory.resolve("finished"));
    }

    private Checkpoint make() throws IOException {
        Files.writeString(Files.createDirectory(place).resolve("table"), "prepared");
        return new Checkpoint(place, new LogPosition(1, INDEX));
    }

    private Optional<Checkpoint> take(long newestIndex) {
        return prepared.take(newestIndex, finished);
    }

    @Test
    void getsItsNameOnce() throws IOException {
        prepared.begin();
        prepared.offer(make());

        assertThat(take(INDEX - 1)).contains(new Checkpoint(finished.resolve("1_10"), new LogPosition(1, INDEX)));
        assertThat(finished.resolve("1_10/table")).hasContent("prepared");
        assertThat(place).doesNotExist();
        assertThat(take(INDEX - 1)).isEmpty();
    }

    @Test
    void isNotEnoughForWhoDemandsMore() throws IOException {
        prepared.begin();
        prepared.demand(INDEX + 1);
        prepared.demand(INDEX - 1);
        prepared.offer(make());

        assertThat(take(0)).isEmpty();
        assertThat(finished).isEmptyDirectory();
        assertThat(take(0)).as("waits no longer").isEmpty();
    }

    @Test
    void isEnoughForWhoDemandsWhatItHolds() throws IOException {
        prepared.demand(INDEX);
        prepared.begin();
        prepared.offer(make());

        assertThat(take(0)).isPresent();
    }

    /** The newest may have been installed, or made for somebody, meanwhile; Ratis may be sending it. */
    @Test
    void doesNotTakeThePlaceOfOneThatHoldsAsMuch() throws IOException {
        Path newest = Files.createDirectory(finished.resolve("1_10"));
        Files.writeString(newest.resolve("table"), "finished");
        prepared.begin();
        prepared.offer(make());

        assertThat(take(INDEX)).isEmpty();
        assertThat(newest.resolve("table")).hasContent("finished");
    }

    @Test
    void isNotTakenOnceTheNextIsBegun() throws IOException {
        prepared.begin();
        prepared.offer(make());
        prepared.begin();

        assertThat(take(0)).isEmpty();
    }

    @Test
    void bytesCountFromItsBegin() throws IOException {
        prepared.applied(100);
        prepared.begin();
        prepared.applied(10);
        prepared.offer(make());
        assertThat(prepared.bytesSince()).isEqualTo(110);

        take(0);
        assertThat(prepared.bytesSince()).isEqualTo(10);
    }

    @Test
    void bytesAreNotTakenOffTwice() throws IOException {
        prepared.applied(100);
        prepared.begin();
        prepared.applied(10);
        prepared.madeOfAll();
        prepared.applied(1);
        prepared.offer(make());
        take(0);

        assertThat(prepared.bytesSince()).isEqualTo(1);
    }

    @Test
    void nothingIsHeldIfTheNameCannotBeGiven() {
        prepared.applied(100);
        prepared.begin();
        prepared.offer(new Checkpoint(place, new LogPosition(1, INDEX)));

        assertThatThrownBy(() -> take(0)).isInstanceOf(CheckpointException.class);
        assertThat(prepared.bytesSince()).isEqualTo(100);
    }
}
