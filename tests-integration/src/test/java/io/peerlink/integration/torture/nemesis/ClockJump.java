package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Clocks;
import io.peerlink.integration.torture.ground.Ground.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The leader's wall clock jumps by minutes or days, forward or back; then another router leads, whose clock is right; then the
 * clock jumps back. By less than any retention or life of a message, so that nothing may expire or be trimmed.
 */
final class ClockJump implements Fault {
    private static final int MINUTES_MAX = 3 * 24 * 60;
    /** For the time that the answer takes. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    private @Nullable LogMark before;
    private Duration jump = Duration.ZERO;

    @Override
    public String name() {
        return "clock-jump";
    }

    @Override
    public Optional<Need> needs() {
        return Optional.of(Need.CLOCKS);
    }

    @Override
    public void inject(Stage stage, Random random) {
        LocalRouter chosen = stage.leader();
        // Of all sizes: as likely minutes as days.
        long minutes = (long) Math.pow(MINUTES_MAX, random.nextDouble());
        jump = Duration.ofMinutes(random.nextBoolean() ? minutes : -minutes);
        before = LogMark.now(chosen);
        Clocks.set(chosen.place().environment(), jump);
    }

    /** The leader stamps entries with the wrong time, and says so when asked for the time. */
    @Override
    public boolean verify(Stage stage) {
        LogMark mark = before;
        return mark != null
                && mark.isFollowedBy("stamps entries is off by " + jump.toMillis() + " ms")
                && stage.cluster()
                        .info(mark.router(), false)
                        .filter(info -> isOff(Duration.between(Instant.now(), info.clock())))
                        .isPresent();
    }

    private boolean isOff(Duration seen) {
        return seen.minus(jump).abs().compareTo(TOLERANCE) < 0;
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(1_000 + random.nextInt(4_000));
    }

    @Override
    public void heal(Stage stage) {
        LogMark mark = before;
        if (mark == null) {
            return;
        }
        if (stage.followerObstacle().isEmpty()) {
            Members.insist(stage.cluster().servers(), admin -> admin.transferLeadership(Optional.empty()));
        }
        Clocks.set(mark.router().place().environment(), Duration.ZERO);
    }
}
