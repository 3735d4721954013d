package io.peerlink.cli.command;

import io.peerlink.cli.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerlink cluster restore}: the router's own program does it, on the router's machine. */
@Command(
        name = "restore",
        header = "Begin a new cluster with a backup.",
        description = {
            "%nRun it on each machine of the new cluster, with the router stopped and its data directory empty; then start",
            "the routers. Or restore one alone (its file lists only itself) and let others join it. Checks everything,",
            "the digest included, and refuses a directory that holds data. Peers keep their keys; what was acknowledged",
            "after the backup is gone. Cut off in the middle, it leaves a directory that no router starts from: run it again.",
            "The same as: peerlink-server restore DIR -c FILE"
        })
final class ClusterRestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "what peerlink cluster backup wrote")
    private Path directory = Path.of("");

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "the router's configuration: its data-dir is filled")
    private Path config = Path.of("");

    @Option(names = "--other-cluster", description = "the new cluster's id may differ from the backup's")
    private boolean otherCluster;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                LocalCluster.home().resolve("bin/peerlink-server").toString(),
                "restore",
                directory.toString(),
                "-c",
                config.toString()));
        if (otherCluster) {
            command.add("--other-cluster");
        }
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
