package io.peerlink.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.server.audit.AuditCheck.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-27T12:00:00Z"));
    private static final long LARGE = 1_000_000;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve(AuditLog.FILE);
        try (AuditLog log = AuditLog.open(directory, LARGE, NOON)) {
            log.write("ann", "LockPeer", "peer=bob", "asked").join();
            log.write("ann", "LockPeer", "peer=bob", "done").join();
        }
        write("bea");
    }

    private void write(String operator) throws IOException {
        try (AuditLog log = AuditLog.open(directory, LARGE, NOON)) {
            log.write(operator, "Backup", "", "asked").join();
        }
    }

    private Verdict verdict() throws IOException {
        return AuditCheck.of(directory);
    }

    @Test
    void chainsLinesOverRestarts() throws IOException {
        List<String> lines = Files.readAllLines(file);

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo(
                        "{\"time\":\"2026-11-27T12:00:00Z\",\"operator\":\"ann\",\"call\":\"LockPeer\",\"what\":\"peer=bob\","
                                + "\"result\":\"asked\",\"previous\":\"\"}");
        assertThat(verdict()).isEqualTo(new Verdict.Whole(1, 3));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void noticesALineThatWasChangedOrTakenOut() throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> changed = new ArrayList<>(lines);
        changed.set(1, lines.get(1).replace("bob", "eve"));
        Files.write(file, changed);
        assertThat(verdict()).isEqualTo(new Verdict.Broken(file, "line 3 does not follow the one before it"));

        Files.write(file, List.of(lines.get(0), lines.get(2)));
        assertThat(verdict()).isEqualTo(new Verdict.Broken(file, "line 2 does not follow the one before it"));

        Files.write(file, lines.subList(1, 3));
        assertThat(verdict())
                .isEqualTo(new Verdict.Broken(file, "line 1 is not the first: what was before it is missing"));

        Files.write(file, List.of(lines.get(0), "no entry", lines.get(1)));
        assertThat(verdict()).isEqualTo(new Verdict.Broken(file, "line 2 is not an entry"));
    }

    @Test
    void tellsALineThatACrashCutOffFromAChange() throws IOException {
        String torn = "{\"time\":\"2026-";
        Files.writeString(file, torn, StandardOpenOption.APPEND);
        assertThat(verdict()).isEqualTo(new Verdict.CutOff(file, 3));

        write("ann");

        assertThat(verdict()).isEqualTo(new Verdict.Whole(1, 5));
        assertThat(AuditLine.parse(Files.readAllLines(file).get(3)))
                .as("what was there is kept")
                .hasValueSatisfying(line -> assertThat(line.toString())
                        .contains("operator=router", "call=Start", "what=" + torn, "result=CUT_OFF"));
        Files.writeString(file, torn + "\n", StandardOpenOption.APPEND);
        assertThat(verdict()).as("no crash writes a line's end alone").isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void goesOnThoughOneCrashFollowsTheOther() throws IOException {
        Files.writeString(file, "{\"time\":\"20", StandardOpenOption.APPEND);
        AuditLog.open(directory, LARGE, NOON).close();
        assertThat(verdict()).as("nothing was written yet").isEqualTo(new Verdict.CutOff(file, 3));
        Files.write(file, new byte[] {'{', (byte) 0xc3}, StandardOpenOption.APPEND);

        write("ann");

        assertThat(verdict()).isEqualTo(new Verdict.Whole(1, 5));
    }

    @Test
    void beginsAnewBehindAVeryFirstLineThatWasCutOff() throws IOException {
        Files.writeString(file, "{\"time\"");
        assertThat(verdict()).isEqualTo(new Verdict.CutOff(file, 0));

        write("ann");

        assertThat(verdict()).isEqualTo(new Verdict.Whole(1, 2));
    }

    @Test
    void keepsControlCharactersOutOfTheFile() throws IOException {
        try (AuditLog log = AuditLog.open(directory, LARGE, NOON)) {
            log.write("ann", "LockPeer", "peer=x\n{\"operator\":\"forged\"}\u001b[2J", "asked")
                    .join();
        }
        assertThat(Files.readAllLines(file)).hasSize(4);
        assertThat(Files.readString(file)).doesNotContain("\u001b");
    }

    @Test
    void leavesNoHalfLineOfAFullDisk() throws IOException {
        SmallDisk disk = new SmallDisk(AuditLog.appendTo(file));
        try (AuditLog log = AuditLog.open(directory, LARGE, NOON, Executors.newSingleThreadExecutor(), path -> disk)) {
            disk.room = 20;
            assertThatThrownBy(() -> log.write("ann", "Backup", "lost", "asked").join())
                    .hasRootCauseMessage(SmallDisk.FULL);
            assertThat(verdict()).isEqualTo(new Verdict.Whole(1, 3));

            disk.truncates = false;
            assertThatThrownBy(() -> log.write("ann", "Backup", "lost", "asked").join())
                    .hasRootCauseMessage(SmallDisk.FULL);
            assertThat(verdict()).as("half a line stays").isEqualTo(new Verdict.CutOff(file, 3));

            disk.truncates = true;
            disk.room = LARGE;
            log.write("ann", "Backup", "kept", "asked").join();
        }
        assertThat(verdict()).isEqualTo(new Verdict.Whole(1, 4));
        assertThat(Files.readString(file)).contains("kept").doesNotContain("lost");
    }

    @Test
    void setsALargeFileAsideAndGoesOnWithTheChain() throws IOException {
        try (AuditLog log = AuditLog.open(directory, 500, NOON)) {
            for (int i = 0; i < 10; i++) {
                log.write("ann", "LockPeer", "peer=p" + i, "asked").join();
            }
        }
        assertThat(directory.resolve("audit.log.1")).exists();
        assertThat(directory.resolve("audit.log.2")).exists();
        assertThat(Files.size(file)).isLessThan(700);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        int files = directory.toFile().list().length;
        assertThat(verdict()).isEqualTo(new Verdict.Whole(files, 13));

        write("ann");
        assertThat(verdict()).as("a restart goes on").isEqualTo(new Verdict.Whole(files, 14));
    }

    @Test
    void saysWhichFileIsMissingOrWasChanged() throws IOException {
        try (AuditLog log = AuditLog.open(directory, 1, NOON)) {
            for (int i = 0; i < 3; i++) {
                log.write("ann", "LockPeer", "peer=p" + i, "asked").join();
            }
        }
        Path first = directory.resolve("audit.log.1");
        Path second = directory.resolve("audit.log.2");
        Path third = directory.resolve("audit.log.3");
        Path away = directory.resolve("away");

        Files.move(first, away);
        assertThat(verdict()).isEqualTo(new Verdict.Broken(first, "is missing"));
        Files.move(away, first);
        Files.move(second, away);
        assertThat(verdict()).isEqualTo(new Verdict.Broken(second, "is missing"));
        Files.move(away, second);
        Files.move(third, away);
        assertThat(verdict()).isEqualTo(new Verdict.Broken(file, "line 1 does not follow the end of audit.log.2"));
        Files.move(away, third);
        Files.move(file, away);
        assertThat(verdict())
                .isInstanceOfSatisfying(
                        Verdict.Broken.class, broken -> assertThat(broken.why()).startsWith("is missing"));
        Files.move(away, file);
        assertThat(verdict()).isEqualTo(new Verdict.Whole(4, 6));

        List<String> lines = Files.readAllLines(second);
        Files.writeString(second, lines.get(0).replace("ann", "eve") + "\n");
        assertThat(verdict()).isEqualTo(new Verdict.Broken(third, "line 1 does not follow the end of audit.log.2"));
        Files.writeString(second, lines.get(0));
        assertThat(verdict())
                .isEqualTo(new Verdict.Broken(second, "ends in a line that is cut off, although it was set aside"));
    }

    @Test
    void goesOnWhereACrashCameBetweenSettingAsideAndBeginning() throws IOException {
        Files.move(file, directory.resolve("audit.log.1"));

        write("ann");

        assertThat(verdict()).isEqualTo(new Verdict.Whole(2, 4));
    }

    @Test
    void triesAgainIfANewFileCannotBeMade() throws IOException {
        AtomicBoolean trouble = new AtomicBoolean();
        try (AuditLog log = AuditLog.open(directory, 1, NOON, Executors.newSingleThreadExecutor(), path -> {
            if (trouble.get()) {
                throw new IOException("no room for a name");
            }
            return AuditLog.appendTo(path);
        })) {
            trouble.set(true);
            assertThatThrownBy(() -> log.write("ann", "Backup", "lost", "asked").join())
                    .hasRootCauseMessage("no room for a name");
            trouble.set(false);
            log.write("ann", "Backup", "kept", "asked").join();
        }
        assertThat(verdict()).isEqualTo(new Verdict.Whole(2, 4));
    }

    @Test
    void hasNothingToCheckWhereNothingWasWritten() throws IOException {
        assertThat(AuditCheck.of(directory.resolve("none"))).isEqualTo(new Verdict.Empty());
    }
}
