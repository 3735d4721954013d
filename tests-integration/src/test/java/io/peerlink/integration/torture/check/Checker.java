package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.HistoryFile;
import io.peerlink.integration.torture.history.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** Reads all histories of a directory in the order of time and holds them against every invariant. */
public final class Checker {
    private final Ledger ledger = new Ledger();
    private final AckGap gap = new AckGap();
    private final FaultCount faults = new FaultCount();
    private final List<Invariant> invariants = List.of(
            new NoAckedLoss(),
            new NoPhantom(),
            new ExactlyOncePresentation(),
            new IdempotentSend(),
            new SenderOrder(),
            new AgreedOrder(),
            new RealTimeOrder(),
            new Membership(),
            new TruthfulReceipts(),
            new ReceiptsNeverRegress(),
            new ReceiptsComplete(),
            new UniqueNames(),
            new SessionFences(),
            new LeaderTerms(),
            new ReplicasConverge(),
            new DurableCursors(),
            new Liveness(),
            new Authorization());

    private Checker() {}

    /** The verdict over the histories in a directory. */
    public static Verdict check(Path directory) {
        return reading(directory, Long.MAX_VALUE).conclude();
    }

    /**
     * What is wrong already in histories that are still being written: only what nothing that comes later can make right. What
     * happened until now is complete, as far as anything until now can depend on it.
     */
    public static Verdict checkSoFar(Path directory) {
        return reading(directory, System.nanoTime()).verdict();
    }

    private static Checker reading(Path directory, long until) {
        Checker checker = new Checker();
        List<Source> sources = open(directory, until);
        try {
            checker.read(sources);
        } finally {
            sources.forEach(source -> source.file.close());
        }
        return checker;
    }

    /** The verdict over what was noted in memory, in the order of time. */
    public static Verdict check(Iterable<Event> events) {
        Checker checker = new Checker();
        events.forEach(checker::take);
        return checker.conclude();
    }

    /** A file and its next event. */
    private static final class Source {
        private final HistoryFile file;
        private final long until;
        private Event next;

        private Source(Path path, long until) {
            file = new HistoryFile(path);
            this.until = until;
            next = file.next();
        }

        private boolean isAtEnd() {
            return next.kind() == Kind.NOTHING || next.nanos() > until;
        }
    }

    private static List<Source> open(Path directory, long until) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".history"))
                    .sorted()
                    .map(file -> new Source(file, until))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the histories in " + directory, e);
        }
    }

    private void read(List<Source> sources) {
        PriorityQueue<Source> queue = new PriorityQueue<>(Comparator.comparingLong(source -> source.next.nanos()));
        sources.stream().filter(source -> !source.isAtEnd()).forEach(queue::add);
        while (!queue.isEmpty()) {
            Source source = queue.remove();
            // As long as no other file has an earlier event, this one goes on without the queue.
            long limit = queue.isEmpty() ? Long.MAX_VALUE : queue.element().next.nanos();
            do {
                take(source.next);
                source.next = source.file.next();
            } while (!source.isAtEnd() && source.next.nanos() <= limit);
            if (!source.isAtEnd()) {
                queue.add(source);
            }
        }
    }

    private void take(Event event) {
        for (Invariant invariant : invariants) {
            invariant.on(event, ledger);
        }
        gap.on(event);
        faults.on(event);
        ledger.on(event);
    }

    private Verdict conclude() {
        ledger.complete();
        invariants.forEach(invariant -> invariant.atEnd(ledger));
        return verdict();
    }

    private Verdict verdict() {
        List<Verdict.Violation> violations = new ArrayList<>();
        Map<Invariant.Column, Long> columns = new EnumMap<>(Invariant.Column.class);
        for (Invariant invariant : invariants) {
            columns.merge(invariant.column(), invariant.violations(), Long::sum);
            if (invariant.violations() > 0) {
                violations.add(new Verdict.Violation(invariant.name(), invariant.violations(), invariant.example()));
            }
        }
        String line = String.format(
                "acknowledged %d, lost %d, doubled %d, out of order %d, untruthful receipts %d, diverged %d,"
                        + " faults %d in %d kinds, longest gap %d ms",
                gap.acknowledged(),
                columns.get(Invariant.Column.LOST),
                columns.get(Invariant.Column.DOUBLED),
                columns.get(Invariant.Column.OUT_OF_ORDER),
                columns.get(Invariant.Column.UNTRUTHFUL),
                columns.get(Invariant.Column.DIVERGED),
                faults.count(),
                faults.kinds(),
                gap.longestMillis());
        return new Verdict(ledger.events(), gap.acknowledged(), faults.count(), violations, line);
    }
}
