package io.peerlink.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-27T12:00:00Z"));

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve(AuditLog.FILE);
        try (AuditLog log = AuditLog.open(directory, NOON)) {
            log.write("ann", "LockPeer", "peer=bob", "asked").join();
            log.write("ann", "LockPeer", "peer=bob", "done").join();
        }
        try (AuditLog log = AuditLog.open(directory, NOON)) {
            log.write("bea", "Backup", "", "asked").join();
        }
    }

    @Test
    void chainsLinesOverRestarts() throws IOException {
        List<String> lines = Files.readAllLines(file);

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo(
                        "{\"time\":\"2026-11-27T12:00:00Z\",\"operator\":\"ann\",\"call\":\"LockPeer\",\"what\":\"peer=bob\","
                                + "\"result\":\"asked\",\"previous\":\"\"}");
        assertThat(AuditLog.firstBreak(file)).isEmpty();
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void noticesALineThatWasChangedOrTakenOut() throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> changed = new ArrayList<>(lines);
        changed.set(1, lines.get(1).replace("bob", "eve"));
        Files.write(file, changed);
        assertThat(AuditLog.firstBreak(file)).contains("line 3 does not follow the one before it");

        Files.write(file, List.of(lines.get(0), lines.get(2)));
        assertThat(AuditLog.firstBreak(file)).contains("line 2 does not follow the one before it");

        Files.write(file, lines.subList(1, 3));
        assertThat(AuditLog.firstBreak(file)).contains("line 1 does not follow the one before it");
    }

    @Test
    void goesOnBehindALineThatACrashTore() throws IOException {
        Files.writeString(file, "{\"time\":\"2026-", StandardOpenOption.APPEND);
        try (AuditLog log = AuditLog.open(directory, NOON)) {
            log.write("ann", "Backup", "", "asked").join();
        }
        assertThat(Files.readAllLines(file)).hasSize(5);
        assertThat(AuditLog.firstBreak(file)).isEmpty();
    }

    @Test
    void startsBehindHalfACharacter() throws IOException {
        Files.write(file, new byte[] {'{', (byte) 0xc3}, StandardOpenOption.APPEND);
        try (AuditLog log = AuditLog.open(directory, NOON)) {
            log.write("ann", "Backup", "", "asked").join();
        }
        assertThat(AuditLog.firstBreak(file)).isEmpty();
    }

    @Test
    void keepsControlCharactersOutOfTheFile() throws IOException {
        try (AuditLog log = AuditLog.open(directory, NOON)) {
            log.write("ann", "LockPeer", "peer=x\n{\"operator\":\"forged\"}\u001b[2J", "asked")
                    .join();
        }
        assertThat(Files.readAllLines(file)).hasSize(4);
        assertThat(Files.readString(file)).doesNotContain("\u001b");
    }
}
