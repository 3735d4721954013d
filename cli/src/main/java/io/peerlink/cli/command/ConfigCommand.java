package io.peerlink.cli.command;

import io.peerlink.cli.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink config}: the router's own program reads its configuration, with the environment of this shell. */
@Command(
        name = "config",
        header = "Show or check a router's configuration.",
        description = "%nThe same as: peerlink-server config ...")
public final class ConfigCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "config needs a command: show or check");
    }

    @Command(
            name = "show",
            header = "Every key with the value that a router would take.",
            description = "%nThe built-in defaults, then the file, then environment variables such as PEERLINK_TICK.")
    int show(
            @Option(
                            names = {"-c", "--config"},
                            paramLabel = "FILE",
                            description = "a router's configuration; without it the defaults")
                    @Nullable Path config,
            @Option(names = "--origin", description = "also say where each value comes from") boolean origin)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("show"));
        if (config != null) {
            arguments.addAll(List.of("-c", config.toString()));
        }
        if (origin) {
            arguments.add("--origin");
        }
        return run(arguments);
    }

    @Command(
            name = "check",
            header = "Tell every problem of a configuration at once.",
            description =
                    "%nEach with its line, the allowed range and the default; certificates, keys and authorities are opened."
                            + " Exits with 2 if there is any.")
    int check(@Parameters(paramLabel = "FILE", description = "a router's configuration") Path file)
            throws IOException, InterruptedException {
        return run(List.of("check", file.toString()));
    }

    private static int run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(LocalCluster.home().resolve("bin/peerlink-server").toString(), "config"));
        command.addAll(arguments);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
