package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Table;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster transfer-leader}. */
@Command(
        name = "transfer-leader",
        header = "Let another router lead, for example before its machine is maintained.",
        description = "Prints the new leader's id.")
final class ClusterTransferCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "ROUTER",
            arity = "0..1",
            description = "the router that is to lead (default: the follower that has been in step longest)")
    private @Nullable String router;

    @Override
    public Integer call() {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        String leader = options.admin().transferLeadership(Optional.ofNullable(router));
        options.printer().print(new Table(List.of("leader"), List.of(List.of(leader))));
        return ExitCode.OK.number();
    }
}
