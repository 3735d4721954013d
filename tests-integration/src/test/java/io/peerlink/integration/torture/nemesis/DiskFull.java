package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Command;
import io.peerlink.integration.torture.ground.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A router's data lie on a disk that fills up to the last byte, and later has room again. A leader refuses messages before that;
 * whoever cannot write halts and is started again.
 */
final class DiskFull implements Fault {
    /** CANNOT_APPLY, LOG_CLOSED, LOG_NOT_WRITTEN. */
    private static final List<Integer> HALTED = List.of(70, 71, 72);

    private static final long ROOM = 96L << 20;
    private static final int PIECE = 1 << 16;

    private @Nullable LocalRouter victim;
    private @Nullable Disk small;

    @Override
    public String name() {
        return "disk-full";
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return Command.obstacle("mount", "umount", "cp", "sync");
    }

    @Override
    public void inject(Stage stage, Random random) {
        LocalRouter chosen = random.nextBoolean() ? stage.leader() : stage.anyRouter(random);
        chosen.kill();
        Disk disk = stage.ground().smallDisk(size(chosen.data()) + ROOM);
        victim = chosen;
        small = disk;
        move(chosen, chosen.data(), disk.directory().resolve(chosen.id()));
        stage.makeWhole();
        fill(ballast(disk));
    }

    private static long size(Path data) {
        try (Stream<Path> tree = Files.walk(data)) {
            return tree.mapToLong(path -> path.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot measure " + data, e);
        }
    }

    /** Copies the data of a router that does not run, and lets its configuration name the new place. */
    private static void move(LocalRouter router, Path from, Path to) {
        Command.run("cp", "-a", from.toString(), to.toString());
        // What a router had synced must be so at its new place too, or a later loss of power would find it missing.
        Command.run("sync", "-f", to.toString());
        try {
            String config = Files.readString(router.config());
            Files.writeString(router.config(), config.replace("\"" + from + "\"", "\"" + to + "\""));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot edit " + router.config(), e);
        }
    }

    private static Path ballast(Disk disk) {
        return disk.directory().resolve("ballast");
    }

    private static void fill(Path ballast) {
        byte[] piece = new byte[PIECE];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            // The disk is smaller than this, so its end comes first.
            for (long written = 0; written < Integer.MAX_VALUE; written += PIECE) {
                out.write(piece);
            }
        } catch (IOException e) {
            System.out.println("disk-full: " + e.getMessage());
        }
    }

    @Override
    public boolean verify(Stage stage) {
        return small != null && small.room() == 0;
    }

    /** Long enough for a checkpoint, which needs room. */
    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(2_000 + random.nextInt(8_000));
    }

    @Override
    public void heal(Stage stage) {
        LocalRouter hit = victim;
        Disk disk = small;
        if (hit == null || disk == null) {
            return;
        }
        System.out.println(
                "disk-full: " + hit.id() + (hit.isRunning() ? " lived on" : " ended with " + hit.exitStatus()));
        try {
            Files.delete(ballast(disk));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot free " + disk.directory(), e);
        }
        // What failed on the full disk may end it only now.
        Waiting.until(hit.id() + " follows again", Stage.RECOVERY_LIMIT, () -> follows(stage, hit));
        stage.makeWhole();
        hit.kill();
        Command.run("rm", "-rf", hit.data().toString());
        move(hit, disk.directory().resolve(hit.id()), hit.data());
        hit.start();
        disk.close();
        small = null;
    }

    /** Whether it knows a leader; starts it if it halted. */
    private static boolean follows(Stage stage, LocalRouter router) {
        if (!router.isRunning()) {
            if (!HALTED.contains(router.exitStatus())) {
                throw new IllegalStateException(
                        router.id() + " ended with " + router.exitStatus() + " on a full disk, see " + router.log());
            }
            router.start();
        }
        return stage.cluster()
                .info(router, false)
                .filter(info -> info.leader().isPresent())
                .isPresent();
    }
}
