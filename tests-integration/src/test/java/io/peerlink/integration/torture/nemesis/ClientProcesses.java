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
    private final List<ClientProcess> processes = new ArrayList<>();
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
            List<String> command = new ArrayList<>(prefix);
            command.addAll(command(settings, number, jvmOptions));
            processes.add(new ClientProcess(number, command, log));
        }
    }

    private static List<String> command(ClientSettings settings, int number, List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dlogback.configurationFile=logback-cli.xml");
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ClientMain.class.getName()));
        command.addAll(List.of(
                "--number", String.valueOf(number),
                "--directory", settings.directory().toString(),
                "--servers", String.join(",", settings.servers()),
                "--seed", String.valueOf(settings.seed()),
                "--run-id", String.valueOf(settings.runId()),
                "--clients", String.valueOf(settings.cast().clients()),
                "--peers", String.valueOf(settings.cast().peersPerClient()),
                "--groups", String.valueOf(settings.cast().groups()),
                "--pace-ms", String.valueOf(settings.paceMs())));
        return command;
    }

    public ClientSettings.Cast cast() {
        return cast;
    }

    public List<ClientProcess> all() {
        return processes;
    }

    ClientProcess some(Random random) {
        return processes.get(random.nextInt(processes.size()));
    }

    /** Starts all and waits until all their peers are attached. */
    public void start() {
        processes.forEach(ClientProcess::start);
        processes.forEach(ClientProcess::awaitReady);
    }

    /** Tells all the same and returns the sum of their answers. */
    public long tell(String word) {
        return processes.parallelStream()
                .mapToLong(process -> process.tell(word, 0))
                .sum();
    }

    void kill(ClientProcess process) {
        process.kill();
        history.append(Event.of(Kind.CLIENT_GONE, Op.NONE, process.number(), 0, 0));
    }

    @Override
    public void close() {
        processes.forEach(ClientProcess::kill);
    }
}
