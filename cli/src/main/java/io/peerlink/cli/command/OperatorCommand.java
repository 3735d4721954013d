package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.local.OperatorEntry;
import io.peerlink.client.identity.Identity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink operator}. */
@Command(
        name = "operator",
        header = "Keys of those who administrate a cluster.",
        description = {
            "Routers that list operators' keys take administrative calls from nobody else: give such commands",
            "--operator NAME. What is done stands in each router's audit.log."
        })
public final class OperatorCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "operator needs a command: init or show");
    }

    @Command(header = "Make a key, and print the line for the routers' configuration.")
    int init(@Parameters(paramLabel = "NAME") String name) {
        print(Identity.loadOrCreate(CommonOptions.operatorsDirectory(), name));
        return 0;
    }

    @Command(header = "Print that line again.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        print(CommonOptions.operator(name));
        return 0;
    }

    private static void print(Identity operator) {
        System.out.println(
                "# on every router, in the file that access.operators-file names (or under peerlink.access):");
        System.out.println(OperatorEntry.of(operator));
    }
}
