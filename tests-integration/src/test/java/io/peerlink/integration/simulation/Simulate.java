package io.peerlink.integration.simulation;

import io.peerlink.integration.simulation.Simulation.Result;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs seeds from the command line, see {@code tests-integration/simulate --help}. Exit code 1: a seed failed. */
public final class Simulate {
    private static final long SEED_BOUND = 1_000_000_000;
    private static final String HELP = """
            usage: tests-integration/simulate [--seconds S | --seeds K] [--seed N] [--trace] [--bug NAME]
              --seconds S  run seed after seed for so long (default 60)
              --seeds K    run so many instead
              --seed N     begin with this one (default: any); alone: run only this one
              --trace      print everything that happens
              --bug NAME   with a planted bug: it must fail
            """;

    private long seconds = 60;
    private long seeds;
    private @Nullable Long seed;
    private @Nullable Bug bug;
    private boolean traced;

    private Simulate() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("--help")) {
            System.out.print(HELP);
            return;
        }
        Simulate simulate = new Simulate();
        try {
            simulate.read(args);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            System.err.print("error: " + e.getMessage() + "\n" + HELP);
            System.exit(2);
        }
        System.exit(simulate.run() ? 0 : 1);
    }

    private void read(String[] args) {
        boolean bounded = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seconds" -> {
                    seconds = Long.parseLong(args[++i]);
                    bounded = true;
                }
                case "--seeds" -> {
                    seeds = Long.parseLong(args[++i]);
                    bounded = true;
                }
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--bug" -> bug = Bug.valueOf(args[++i]);
                case "--trace" -> traced = true;
                default -> throw new IllegalArgumentException("what is " + args[i] + "?");
            }
        }
        if (seed != null && !bounded) {
            seeds = 1;
        }
    }

    private boolean run() {
        long first = seed != null ? seed : (long) (new SecureRandom().nextDouble() * SEED_BOUND);
        Consumer<String> reader = traced ? System.out::println : null;
        long done = 0;
        long failed = 0;
        long acknowledged = 0;
        long entries = 0;
        long start = System.nanoTime();
        try (Databases databases = new Databases()) {
            while (seeds > 0 ? done < seeds : System.nanoTime() - start < seconds * 1_000_000_000L) {
                Result result = Simulation.run(first + done, databases, new Trace(reader), bug);
                if (!result.holds()) {
                    failed++;
                    System.out.println(failure(first + done, bug, result));
                }
                done++;
                acknowledged += result.verdict().acknowledged();
                entries += result.entries();
            }
        }
        double minutes = (System.nanoTime() - start) / 60e9;
        System.out.printf(
                "%d seeds from %d, %d failed; %d sends acknowledged, %d log entries; %.0f seeds/min%n",
                done, first, failed, acknowledged, entries, done / minutes);
        return failed == 0;
    }

    /** What is to be said of a seed that failed, and how to see it again. */
    static String failure(long seed, @Nullable Bug bug, Result result) {
        return "seed " + seed + " failed: " + result.why() + "\n  again: tests-integration/simulate --seed " + seed
                + (bug == null ? "" : " --bug " + bug.name()) + " --trace";
    }
}
