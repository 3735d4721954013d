package io.peerlink.integration.simulation;

import io.peerlink.integration.simulation.Simulation.Result;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs seeds from the command line, see {@code tests-integration/simulate --help}. Exit code 1: a seed failed. */
public final class Simulate {
    private static final long SEED_BOUND = 1_000_000_000;
    private static final String HELP = """
            usage: tests-integration/simulate [--seconds S | --seeds K] [--seed N] [--threads T] [--trace] [--bug NAME]
              --seconds S  run seed after seed for so long (default 60)
              --seeds K    run so many instead
              --seed N     begin with this one (default: any); alone: run only this one
              --threads T  so many seeds at a time, each in a thread of its own (default: one a processor)
              --trace      print everything that happens, one seed at a time
              --bug NAME   with a planted bug: it must fail
            """;

    private long seconds = 60;
    private long seeds;
    private @Nullable Long seed;
    private @Nullable Bug bug;
    private int threads = Runtime.getRuntime().availableProcessors();
    private boolean traced;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();

    private Simulate() {}

    public static void main(String[] args) throws InterruptedException {
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
                case "--threads" -> threads = Math.max(1, Integer.parseInt(args[++i]));
                case "--trace" -> traced = true;
                default -> throw new IllegalArgumentException("what is " + args[i] + "?");
            }
        }
        if (seed != null && !bounded) {
            seeds = 1;
        }
    }

    private boolean run() throws InterruptedException {
        long first = seed != null ? seed : (long) (new SecureRandom().nextDouble() * SEED_BOUND);
        long start = System.nanoTime();
        long until = start + seconds * 1_000_000_000L;
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < (traced ? 1 : threads); i++) {
            Thread worker = new Thread(() -> runSeeds(first, until), "seeds-" + i);
            worker.setUncaughtExceptionHandler((thread, error) -> {
                error.printStackTrace();
                failed.incrementAndGet();
            });
            workers.add(worker);
            worker.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        double minutes = (System.nanoTime() - start) / 60e9;
        System.out.printf(
                "%d seeds from %d, %d failed; %d sends acknowledged, %d log entries; %.0f seeds/min%n",
                done.get(), first, failed.get(), acknowledged.get(), entries.get(), done.get() / minutes);
        return failed.get() == 0;
    }

    private void runSeeds(long first, long until) {
        Consumer<String> reader = traced ? System.out::println : null;
        try (Databases databases = new Databases()) {
            for (long number = next.getAndIncrement();
                    seeds > 0 ? number < seeds : System.nanoTime() < until;
                    number = next.getAndIncrement()) {
                Result result = simulated(first + number, databases, new Trace(reader));
                if (!result.holds()) {
                    failed.incrementAndGet();
                    System.out.println(failure(first + number, bug, result));
                }
                done.incrementAndGet();
                acknowledged.addAndGet(result.verdict().acknowledged());
                entries.addAndGet(result.entries());
            }
        }
    }

    private Result simulated(long number, Databases databases, Trace trace) {
        try {
            return Simulation.run(number, databases, trace, bug);
        } catch (RuntimeException | Error e) {
            throw new IllegalStateException("seed " + number, e);
        }
    }

    /** What is to be said of a seed that failed, and how to see it again. */
    static String failure(long seed, @Nullable Bug bug, Result result) {
        return "seed " + seed + " failed: " + result.why() + "\n  again: tests-integration/simulate --seed " + seed
                + (bug == null ? "" : " --bug " + bug.name()) + " --trace";
    }
}
