package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster remove}. */
@Command(
        name = "remove",
        header = "Remove a router from the cluster, running or not.",
        description = {
            "Refused if what is left would have no majority now. A leader hands over first. The removed router stops by",
            "itself; its data may be deleted and its id is not used again. Prints the members that are left."
        })
final class ClusterRemoveCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "the router to remove")
    private String id = "";

    @Override
    public Integer call() {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        ClusterMembersCommand.print(options, options.admin().remove(id));
        return ExitCode.OK.number();
    }
}
