package io.peerlink.integration.torture.nemesis;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.HistoryWriter;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Injects one fault after another until the time is over. Each kind comes once before any comes twice. */
public final class Nemesis {
    private static final Duration VERIFY_LIMIT = Duration.ofSeconds(40);
    private static final int CALM_MS_MIN = 300;
    private static final int CALM_MS_SPREAD = 1_500;

    private final Stage stage;
    private final List<Fault> faults;
    private final Random random;
    private final HistoryWriter history;

    /** Leaves out what cannot happen here, and says so. */
    public Nemesis(Stage stage, List<Fault> wanted, long seed, HistoryWriter history) {
        this.stage = stage;
        this.random = new Random(seed);
        this.history = history;
        this.faults = new ArrayList<>();
        for (Fault fault : wanted) {
            fault.obstacle(stage)
                    .ifPresentOrElse(
                            why -> System.out.println("left out: " + fault.name() + ": " + why),
                            () -> faults.add(fault));
        }
    }

    /** Returns when the time is over and everything is whole again. {@code inBetween} runs before each fault and may stop it all. */
    public void rage(Duration time, Runnable inBetween) {
        long end = System.nanoTime() + time.toNanos();
        List<Fault> deck = new ArrayList<>();
        while (System.nanoTime() < end) {
            Waiting.pass(Duration.ofMillis(CALM_MS_MIN + random.nextInt(CALM_MS_SPREAD)));
            inBetween.run();
            if (faults.isEmpty()) {
                continue;
            }
            if (deck.isEmpty()) {
                deck.addAll(faults);
                Collections.shuffle(deck, random);
            }
            strike(deck.remove(deck.size() - 1));
        }
    }

    private void strike(Fault fault) {
        stage.checkAlive();
        int number = FaultCatalogue.number(fault);
        write(Kind.FAULT, number);
        long start = System.nanoTime();
        fault.inject(stage, random);
        if (!Waiting.comesTrue(VERIFY_LIMIT, () -> fault.verify(stage))) {
            fault.heal(stage);
            throw new Waiting.TooLate("fault " + fault.name() + " shows its effect", VERIFY_LIMIT);
        }
        write(Kind.VERIFIED, number);
        Waiting.pass(fault.hold(random));
        fault.heal(stage);
        write(Kind.HEAL, number);
        stage.makeWhole();
        System.out.printf("fault %s: %d ms%n", fault.name(), (System.nanoTime() - start) / 1_000_000);
    }

    private void write(Kind kind, int number) {
        history.append(Event.of(kind, Op.NONE, -1, 0, 0).code(number));
    }
}
