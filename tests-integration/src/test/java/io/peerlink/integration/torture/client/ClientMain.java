package io.peerlink.integration.torture.client;

import io.peerlink.client.identity.Identity;
import io.peerlink.integration.torture.history.HistoryWriter;
import io.peerlink.integration.torture.history.Names;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A client process. It obeys lines on its standard input and answers each with {@code ok WORD NUMBER}; when the input ends,
 * so does it, so that none is left behind when the run dies.
 */
@Command(name = "torture-client")
public final class ClientMain implements Runnable {
    private static final long STORM_LIMIT_SECONDS = 60;

    @Option(names = "--number", required = true)
    private int number;

    @Option(names = "--directory", required = true)
    private Path directory = Path.of("");

    @Option(names = "--servers", required = true, split = ",")
    private String[] servers = {};

    @Option(names = "--seed", required = true)
    private long seed;

    @Option(names = "--run-id", required = true)
    private long runId;

    @Option(names = "--clients", required = true)
    private int clients;

    @Option(names = "--peers", required = true)
    private int peers;

    @Option(names = "--groups", required = true)
    private int groups;

    @Option(names = "--pace-ms", required = true)
    private int paceMs;

    private final Life.SlowDown slowDown = new Life.SlowDown();
    private final List<Performance> performances = new ArrayList<>();
    private Optional<Attacker> attacker = Optional.empty();

    public static void main(String[] arguments) {
        System.exit(new picocli.CommandLine(new ClientMain()).execute(arguments));
    }

    @Override
    public void run() {
        ClientSettings settings = new ClientSettings(
                number,
                directory,
                Arrays.asList(servers),
                seed,
                runId,
                new ClientSettings.Cast(clients, peers, groups),
                paceMs);
        Recollection past = new Recollection(directory, number);
        HistoryWriter history = new HistoryWriter(past.nextFile());
        for (int i = 0; i < peers; i++) {
            performances.add(performance(settings, past, history, number * peers + i));
        }
        performances.parallelStream().forEach(each -> each.enter(past.isReborn()));
        if (number == 0 && !past.isReborn()) {
            attacker = Optional.of(new Attacker(settings, new Chronicle(history::append, number, Names.ATTACKER)));
        }
        answer("ready", past.isReborn() ? 1 : 0);
        obey();
    }

    private Performance performance(ClientSettings settings, Recollection past, HistoryWriter history, int peer) {
        Life.Being being = new Life.Being(
                Identity.loadOrCreate(directory, Names.peer(peer)),
                new Chronicle(history::append, number, peer),
                new DurableCursor(directory.resolve(Names.peer(peer) + ".cursor"), past.lastPresented(peer)),
                slowDown);
        int lastLife = past.lastLife(peer);
        return new Performance(new Player(peer, settings, being, lastLife), settings, lastLife);
    }

    private void obey() {
        try (BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ", 2);
                answer(words[0], obey(words[0], words.length > 1 ? Long.parseLong(words[1]) : 0));
            }
        } catch (IOException e) {
            System.err.println("no more commands: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Sessions of a process that ends are the routers' business.
        Runtime.getRuntime().halt(0);
    }

    private static void answer(String word, long value) {
        System.out.println("ok " + word + " " + value);
        System.out.flush();
    }

    private long obey(String word, long value) throws InterruptedException {
        switch (word) {
            case "go" -> {
                performances.forEach(Performance::start);
                attacker.ifPresent(Attacker::start);
            }
            case "slow" -> slowDown.set(value);
            case "storm" -> {
                return storm();
            }
            case "stop" -> {
                for (Performance each : performances) {
                    each.stop();
                }
                if (attacker.isPresent()) {
                    attacker.get().stop();
                }
            }
            case "quiesce" -> {
                return performances.parallelStream()
                        .filter(each -> !each.player().isQuiet())
                        .count();
            }
            case "quiet" -> performances.forEach(each -> each.player().noteQuiet());
            case "stored" -> performances.forEach(each -> each.player().noteStored());
            default -> throw new IllegalArgumentException("unknown command " + word);
        }
        return 0;
    }

    /** Returns how many peers threw their connection away and have a new one. */
    private long storm() {
        performances.forEach(Performance::reconnect);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STORM_LIMIT_SECONDS);
        while (System.nanoTime() < deadline && !performances.stream().allMatch(Performance::isReconnected)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return performances.stream().filter(Performance::isReconnected).count();
    }
}
