package io.peerlink.cli.demo;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.output.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerlink demo}. */
@Command(
        name = "demo",
        header = "A guided tour: three routers, a conversation, a killed leader, a count.",
        description = {
            "Starts three routers of its own in a temporary directory, lets peers talk, kills the leader with SIGKILL in the",
            "middle of a stream of messages, counts what arrived, and cleans up. Exits with 1 if anything acknowledged was",
            "lost, doubled or out of order."
        })
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--keep", description = "keep the temporary directory with data and logs")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        Theme theme = options.theme();
        Path directory = Files.createTempDirectory("peerlink-demo-");
        LocalCluster cluster = LocalCluster.prepare(LocalCluster.home(), directory, 3, "");
        // Ctrl-C must not leave routers behind.
        Thread cleanUp = new Thread(cluster::close, "demo-clean-up");
        Runtime.getRuntime().addShutdownHook(cleanUp);
        boolean good = false;
        try (cluster) {
            good = new Demo(cluster, new Narrator(theme, System.out)).run();
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleanUp);
            if (keep || !good) {
                System.out.println("data and logs are in " + directory);
            } else {
                cluster.delete();
            }
        }
        return good ? ExitCode.OK.number() : ExitCode.FAILED.number();
    }
}
