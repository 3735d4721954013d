package io.peerlink.integration.torture.check;

import io.peerlink.client.Receipt;
import io.peerlink.integration.torture.history.Codes;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.HistoryWriter;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A history of a perfect run that never took place, as large as wanted: to measure the checker, and to test it with one wrong event. */
public final class SyntheticHistory {
    private static final int PEERS = 32;
    private static final int EVENTS_PER_MESSAGE = 5;
    private static final long STEP_NANOS = 100;

    private long clock = 1;
    private final long[] places = new long[PEERS];
    private final long[] inboxes = new long[PEERS];

    private SyntheticHistory() {}

    /** Makes a history of so many million events, checks it, prints how long that took and whether it found nothing. */
    public static boolean bench(Path directory, int millions) throws IOException {
        Files.createDirectories(directory);
        List<Path> files = new ArrayList<>();
        List<HistoryWriter> writers = new ArrayList<>();
        for (int peer = 0; peer < PEERS; peer++) {
            Path file = directory.resolve("client-" + peer + ".0.history");
            Files.deleteIfExists(file);
            files.add(file);
            writers.add(new HistoryWriter(file));
        }
        SyntheticHistory made = new SyntheticHistory();
        for (int peer = 0; peer < PEERS; peer++) {
            writers.get(peer)
                    .appendAsIs(made.next(Kind.ATTACHED, peer).code(1).other(1).extra(1));
        }
        long messages = millions * 1_000_000L / EVENTS_PER_MESSAGE;
        for (long number = 1; number <= messages; number++) {
            made.message(writers, (int) (number % PEERS), number);
        }
        for (int peer = 0; peer < PEERS; peer++) {
            writers.get(peer).appendAsIs(made.next(Kind.QUIET, peer));
            writers.get(peer).close();
        }
        long start = System.nanoTime();
        Verdict verdict = Checker.check(directory);
        long millis = (System.nanoTime() - start) / 1_000_000;
        verdict.violations().forEach(System.out::println);
        System.out.printf(
                "%d events checked in %d ms (%d per second)%n",
                verdict.events(), millis, verdict.events() * 1_000 / Math.max(1, millis));
        for (Path file : files) {
            Files.delete(file);
        }
        return verdict.violations().isEmpty();
    }

    private Event next(Kind kind, int peer) {
        clock += STEP_NANOS;
        return Event.of(kind, kind == Kind.INVOKE || kind == Kind.OK ? Op.SEND : Op.NONE, peer, peer, 1)
                .at(clock);
    }

    /** Each peer talks to its neighbour: sent, acknowledged, presented, confirmed, receipted. */
    private void message(List<HistoryWriter> writers, int sender, long number) {
        int receiver = (sender + 1) % PEERS;
        int conversation = Names.direct(sender, receiver);
        long place = ++places[sender];
        long inbox = ++inboxes[receiver];
        HistoryWriter own = writers.get(sender);
        HistoryWriter other = writers.get(receiver);
        own.appendAsIs(next(Kind.INVOKE, sender).in(conversation).number(number).hash(number));
        own.appendAsIs(next(Kind.OK, sender)
                .in(conversation)
                .number(number)
                .place(place)
                .extra(1));
        other.appendAsIs(next(Kind.PRESENT, receiver)
                .in(conversation)
                .other(sender)
                .code(1)
                .number(number)
                .place(place)
                .hash(number)
                .extra(inbox));
        other.appendAsIs(next(Kind.ACK, receiver).number(inbox));
        own.appendAsIs(next(Kind.RECEIPT, sender)
                .code(Codes.of(Receipt.Kind.DELIVERED))
                .other(receiver)
                .in(conversation)
                .place(place)
                .number(place));
    }
}
