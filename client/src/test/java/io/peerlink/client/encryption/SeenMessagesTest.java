package io.peerlink.client.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.client.encryption.Opener.Source;
import io.peerlink.client.encryption.SeenMessages.Sight;
import io.peerlink.protocol.v1.SealedHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of opened messages is remembered, in files and across processes. */
final class SeenMessagesTest {
    @TempDir
    private Path directory;

    private SeenMessages seen() {
        return new SeenMessages(directory, "bob");
    }

    private Path file() {
        return directory.resolve("seen/bob");
    }

    private static SealedHeader number(long number) {
        return SealedHeader.newBuilder()
                .setSender("alice")
                .setSession(ByteString.copyFrom(new byte[Sealer.SESSION_BYTES]))
                .setSequence(number)
                .build();
    }

    @Test
    void aPlaceOfADeliveryNeverMovesAlsoAfterARestart() {
        assertThat(seen().see(number(1), 100, Source.DELIVERY)).isEqualTo(Sight.NEW);

        assertThat(seen().see(number(1), 5, Source.HISTORY)).isEqualTo(Sight.ELSEWHERE);
        assertThat(seen().see(number(1), 100, Source.HISTORY)).isEqualTo(Sight.AGAIN);
        assertThat(seen().see(number(1), 5, Source.DELIVERY)).isEqualTo(Sight.ELSEWHERE);
    }

    @Test
    void aPlaceOfAHistoryMovesDownUntilTheMessageIsDelivered() {
        assertThat(seen().see(number(1), 9, Source.HISTORY)).isEqualTo(Sight.NEW);
        assertThat(seen().see(number(1), 12, Source.HISTORY)).isEqualTo(Sight.ELSEWHERE);
        assertThat(seen().see(number(1), 6, Source.HISTORY)).isEqualTo(Sight.NEW);
        assertThat(seen().see(number(1), 6, Source.DELIVERY))
                .as("shown in a history is not delivered")
                .isEqualTo(Sight.NEW);
        assertThat(seen().see(number(1), 6, Source.DELIVERY)).isEqualTo(Sight.AGAIN);
        assertThat(seen().see(number(1), 2, Source.HISTORY)).isEqualTo(Sight.ELSEWHERE);
    }

    @Test
    void whatAnotherProcessSawIsSeen() throws IOException {
        SeenMessages here = seen();
        SeenMessages there = seen();
        assertThat(here.see(number(1), 1, Source.DELIVERY)).isEqualTo(Sight.NEW);
        assertThat(there.see(number(2), Long.MAX_VALUE, Source.DELIVERY)).isEqualTo(Sight.NEW);

        assertThat(here.see(number(2), Long.MAX_VALUE, Source.DELIVERY)).isEqualTo(Sight.AGAIN);
        assertThat(there.see(number(1), 2, Source.DELIVERY)).isEqualTo(Sight.ELSEWHERE);
        assertThat(seen().see(number(2), 4, Source.DELIVERY)).isEqualTo(Sight.ELSEWHERE);
        assertThat(seen().see(number(-1), 5, Source.DELIVERY)).isEqualTo(Sight.NEW);
        assertThat(here.see(number(-1), 5, Source.DELIVERY)).isEqualTo(Sight.AGAIN);
        assertThat(Files.readAllLines(file())).hasSize(3);
    }

    @Test
    void halfALineAndOtherGarbageAreSkipped() throws IOException {
        seen().see(number(1), 1, Source.DELIVERY);
        Files.writeString(
                file(), "\u00ff\u0000\nalice 12.3 4\nalice\n" + "x".repeat(250_000) + "\n", StandardOpenOption.APPEND);

        assertThat(seen().see(number(1), 1, Source.DELIVERY)).isEqualTo(Sight.AGAIN);
        assertThat(seen().see(number(2), 2, Source.DELIVERY)).isEqualTo(Sight.NEW);
        assertThat(seen().see(number(2), 2, Source.DELIVERY)).isEqualTo(Sight.AGAIN);
    }

    @Test
    void aFileThatIsTooLongIsSetAside() throws IOException {
        seen().see(number(1), 1, Source.DELIVERY);
        try (RandomAccessFile grown = new RandomAccessFile(file().toFile(), "rw")) {
            grown.setLength(SeenMessages.BYTES_MAX + 1);
        }

        SeenMessages seen = seen();
        assertThat(seen.see(number(2), 2, Source.DELIVERY)).isEqualTo(Sight.NEW);

        assertThat(seen.see(number(2), 2, Source.DELIVERY)).isEqualTo(Sight.AGAIN);
        assertThat(file().resolveSibling(".bob.old")).hasSize(SeenMessages.BYTES_MAX + 1);
        assertThat(Files.readAllLines(file())).hasSize(1);
    }
}
