package io.peerlink.integration.torture.nemesis;

import io.peerlink.integration.torture.client.ClientMain;
import io.peerlink.integration.torture.client.ClientSettings;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.HistoryWriter;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Op;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** All client processes of a run. */
public final class ClientProcesses implements AutoCloseable {
    private final List<ToldProcess> processes = new ArrayList<>();
    private final ClientSettings.Cast cast;
    private final HistoryWriter history;

    /**
     * Prepares them; starts nothing.
     *
     * @param settings what all are told, with the number of the first
     * @param prefix words before each command; must exec, so that the process id stays
     * @param jvmOptions for each process
     * @param history where it is noted when one is killed
     */
    public ClientProcesses(
            ClientSettings settings, List<String> prefix, List<String> jvmOptions, HistoryWriter history) {
        this.cast = settings.cast();
        this.history = history;
        for (int number = 0; number < cast.clients(); number++) {
            Path log = settings.directory().resolve("client-" + number + ".log");
            processes.add(new ToldProcess("client", number, prefix, words(settings, number, jvmOptions), log));
        }
    }

    private static List<String> words(ClientSettings settings, int number, List<String> jvmOptions) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("-Xmx400m", "-Dlogback.configurationFile=logback-cli.xml"));
        words.addAll(jvmOptions);
        words.add(ClientMain.class.getName());
        words.addAll(List.of(
                "--number", String.valueOf(number),
                "--directory", settings.directory().toString(),
                "--servers", String.join(",", settings.servers()),
                "--seed", String.valueOf(settings.seed()),
                "--run-id", String.valueOf(settings.runId()),
                "--clients", String.valueOf(settings.cast().clients()),
                "--peers", String.valueOf(settings.cast().peersPerClient()),
                "--groups", String.valueOf(settings.cast().groups()),
                "--pace-ms", String.valueOf(settings.paceMs())));
        return words;
    }

    public ClientSettings.Cast cast() {
        return cast;
    }

    public List<ToldProcess> all() {
        return processes;
    }

    ToldProcess some(Random random) {
        return processes.get(random.nextInt(processes.size()));
    }

    /** Starts all and waits until all their peers are attached. */
    public void start() {
        processes.forEach(ToldProcess::start);
        processes.forEach(ToldProcess::awaitReady);
    }

    /** Tells all the same and returns the sum of their answers. */
    public long tell(String word) {
        return processes.parallelStream()
                .mapToLong(process -> process.tell(word, 0))
                .sum();
    }

    void kill(ToldProcess process) {
        process.kill();
        history.append(Event.of(Kind.CLIENT_GONE, Op.NONE, process.number(), 0, 0));
    }

    @Override
    public void close() {
        processes.forEach(ToldProcess::kill);
    }
}
