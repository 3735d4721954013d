package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster add}. */
@Command(
        name = "add",
        header = "Add a router to the running cluster.",
        description = {
            "%nFirst start it, on an empty data directory and with an id that the cluster never had; its file lists",
            "the present routers and itself:%n",
            "  peerlink-server -c FILE --join%n",
            "It catches up, then votes; this command ends when it does. Prints the members."
        })
final class ClusterAddCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "the new router's router-id")
    private String id = "";

    @Mixin
    private final NewRouterAddress address = new NewRouterAddress();

    @Override
    public Integer call() {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        ClusterMembersCommand.print(options, options.admin().add(address.of(id)));
        return ExitCode.OK.number();
    }
}
