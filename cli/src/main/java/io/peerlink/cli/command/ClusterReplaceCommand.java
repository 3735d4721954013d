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

/** {@code peerlink cluster replace}. */
@Command(
        name = "replace",
        header = "Replace a router by another, in one step.",
        description = {
            "%nThe way back for a router that lost its disk: it forgot its votes, so it returns as somebody else. Give it",
            "a new router-id in its file, start it, then replace the old id by the new one:%n",
            "  peerlink-server -c FILE --join",
            "  peerlink cluster replace n2 n4 --client HOST:PORT --raft HOST:PORT%n",
            "The new one may use the old one's host and, if that is gone, other ports or names. Prints the members."
        })
final class ClusterReplaceCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OLD_ID", description = "the router that goes, running or not")
    private String oldId = "";

    @Parameters(index = "1", paramLabel = "NEW_ID", description = "the router that comes")
    private String newId = "";

    @Mixin
    private final NewRouterAddress address = new NewRouterAddress();

    @Override
    public Integer call() {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        ClusterMembersCommand.print(options, options.admin().replace(oldId, address.of(newId)));
        return ExitCode.OK.number();
    }
}
