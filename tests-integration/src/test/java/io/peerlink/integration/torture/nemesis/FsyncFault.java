package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** strace takes hold of a router that runs, and its fsyncs take long or fail. */
final class FsyncFault implements Fault {
    /** LOG_NOT_WRITTEN if the log was hit, CANNOT_APPLY if a checkpoint was. */
    private static final List<Integer> HALTED = List.of(72, 70);

    private final Effect effect;
    private @Nullable LocalRouter victim;
    private @Nullable Process tracer;
    private Path trace = Path.of("");

    FsyncFault(Effect effect) {
        this.effect = effect;
    }

    /** What happens to an fsync. */
    enum Effect {
        SLOW("(DELAYED)") {
            @Override
            String injection(Random random) {
                return "delay_exit=" + (100_000 + random.nextInt(900_000));
            }
        },
        FAILED("(INJECTED)") {
            @Override
            String injection(Random random) {
                return "error=EIO:when=1+";
            }
        };

        private final String mark;

        Effect(String mark) {
            this.mark = mark;
        }

        abstract String injection(Random random);
    }

    @Override
    public String name() {
        return effect.name().toLowerCase(java.util.Locale.ROOT) + "-fsync";
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return Command.obstacle("strace");
    }

    @Override
    public void inject(Stage stage, Random random) {
        LocalRouter chosen = random.nextBoolean() ? stage.leader() : stage.anyRouter(random);
        victim = chosen;
        trace = stage.cluster().directory().resolve("strace-" + chosen.pid() + "-" + System.nanoTime() + ".txt");
        try {
            tracer = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-p",
                            String.valueOf(chosen.pid()),
                            "-o",
                            trace.toString(),
                            "-e",
                            "trace=fsync,fdatasync",
                            "-e",
                            "inject=fsync,fdatasync:" + effect.injection(random))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start strace", e);
        }
    }

    @Override
    public boolean verify(Stage stage) {
        try {
            boolean marked = Files.exists(trace) && Files.readString(trace).contains(effect.mark);
            return marked && (effect == Effect.SLOW || hasHalted());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + trace, e);
        }
    }

    private boolean hasHalted() {
        if (victim == null || victim.isRunning()) {
            return false;
        }
        if (!HALTED.contains(victim.exitStatus())) {
            throw new IllegalStateException(
                    victim.id() + " ended with " + victim.exitStatus() + " after a failed fsync, see " + victim.log());
        }
        return true;
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(effect == Effect.SLOW ? 1_000 + random.nextInt(5_000) : random.nextInt(2_000));
    }

    @Override
    public void heal(Stage stage) {
        if (tracer != null) {
            tracer.destroy();
            tracer.onExit().join();
        }
        if (victim != null && effect == Effect.FAILED) {
            // What failed to reach the disk may still be in the page cache, so the process must not go on as if all
            // were well.
            victim.kill();
            victim.start();
        }
    }
}
