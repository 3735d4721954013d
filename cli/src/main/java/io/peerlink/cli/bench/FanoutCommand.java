package io.peerlink.cli.bench;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peerlink bench fanout}. */
@Command(
        name = "fanout",
        header = "How many deliveries a second a group gets.",
        description = {
            "Starts three routers of its own, unless --servers names some. One sender writes to a group whose members read along",
            "and confirm each message. A delivery is one message at one member."
        })
final class FanoutCommand extends LoadCommand {
    @Option(
            names = "--members",
            paramLabel = "N",
            defaultValue = "10",
            description = "members beside the sender (default: ${DEFAULT-VALUE})")
    private int members;

    @Option(
            names = "--away",
            paramLabel = "N",
            defaultValue = "0",
            description = "further members that joined and are not connected (default: ${DEFAULT-VALUE})")
    private int away;

    FanoutCommand() {
        super(Workload.Shape.FANOUT, 1_000);
    }

    @Override
    int receivers(int sending) {
        if (sending != 1) {
            throw new CliException(ExitCode.USAGE, "USAGE", "a group run has one sender; leave out --senders", "");
        }
        return members;
    }

    @Override
    int away() {
        return away;
    }
}
