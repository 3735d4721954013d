package io.peerlink.cli.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster}. */
@Command(
        name = "cluster",
        header = "How the routers are, and changing who they are.",
        subcommands = {
            ClusterStatusCommand.class,
            ClusterLeaderCommand.class,
            ClusterMembersCommand.class,
            ClusterAddCommand.class,
            ClusterRemoveCommand.class,
            ClusterReplaceCommand.class,
            ClusterTransferCommand.class,
            ClusterCheckpointCommand.class,
            ClusterBackupCommand.class,
            ClusterRestoreCommand.class,
            HelpCommand.class
        })
public final class ClusterCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "cluster needs a command, such as status, members, add, replace or backup");
    }
}
