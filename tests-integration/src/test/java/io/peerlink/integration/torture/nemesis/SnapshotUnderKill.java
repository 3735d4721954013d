package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A follower is away until the others have dropped the log that it needs next. It is killed while it gets a checkpoint instead,
 * and started again.
 */
final class SnapshotUnderKill implements Fault {
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?([0-9]+)(?:-[0-9]+)?");
    private static final int ROUNDS_MAX = 40;

    private @Nullable LocalRouter victim;
    private boolean killed;

    @Override
    public String name() {
        return "snapshot-under-kill";
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return stage.cluster().routers().size() < 3 ? Optional.of("the others must be a majority") : Optional.empty();
    }

    @Override
    public void inject(Stage stage, Random random) {
        killed = false;
        LocalRouter chosen = stage.someFollower(random);
        victim = chosen;
        chosen.kill();
        long known = stage.cluster()
                .info(stage.leader(), false)
                .map(info -> info.log().committed())
                .orElse(Long.MAX_VALUE);
        dropLog(stage, stage.others(chosen), known);
        Set<Path> received = receiving(chosen);
        chosen.start();
        Waiting.until(
                chosen.id() + " receives a checkpoint",
                Stage.RECOVERY_LIMIT,
                () -> !received.containsAll(receiving(chosen)));
        Waiting.pass(Duration.ofMillis(random.nextInt(100)));
        chosen.kill();
        killed = true;
        chosen.start();
    }

    /** The log goes in whole segments. A new leader's term begins one, so leadership moves until nobody holds this entry. */
    private static void dropLog(Stage stage, List<LocalRouter> routers, long index) {
        for (int i = 0; i < ROUNDS_MAX; i++) {
            if (routers.stream().allMatch(router -> firstIndex(router) > index + 1)) {
                return;
            }
            Members.insist(stage.cluster().servers(), admin -> admin.transferLeadership(Optional.empty()));
            Waiting.pass(Duration.ofSeconds(1));
            for (LocalRouter router : routers) {
                Members.insist(stage.cluster().servers(), admin -> admin.checkpoint(router.clientAddress()));
            }
        }
        throw new IllegalStateException("the log up to " + index + " is never dropped");
    }

    private static long firstIndex(LocalRouter router) {
        return listing(router, "current").stream()
                .map(path -> SEGMENT.matcher(path.getFileName().toString()))
                .filter(Matcher::matches)
                .mapToLong(segment -> Long.parseLong(segment.group(1)))
                .min()
                .orElse(0);
    }

    /** Ratis collects the pieces of a checkpoint here before it moves them to their place. */
    private static Set<Path> receiving(LocalRouter router) {
        return listing(router, "tmp");
    }

    /** What lies in one of Ratis' directories; asks for names only, since files vanish while one looks. */
    private static Set<Path> listing(LocalRouter router, String directory) {
        try (Stream<Path> groups = Files.list(router.data().resolve("raft"))) {
            Set<Path> found = new HashSet<>();
            for (Path place : groups.map(group -> group.resolve(directory))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.list(place)) {
                    files.forEach(found::add);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the log of " + router.id(), e);
        }
    }

    /** It was cut short once, and holds what the others hold all the same. */
    @Override
    public boolean verify(Stage stage) {
        LocalRouter hit = victim;
        return hit != null && killed && Members.isInStep(stage, hit);
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ZERO;
    }

    @Override
    public void heal(Stage stage) {
        stage.checkAlive();
    }
}
