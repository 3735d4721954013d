package io.peerlink.cli.bench;

import picocli.CommandLine.Command;

/** {@code peerlink bench deliver}. */
@Command(
        name = "deliver",
        header = "How long a message takes to its receiver, and how many arrive a second.",
        description = {
            "Starts three routers of its own, unless --servers names some. Each sender has a receiver that reads along and",
            "confirms each message. Times run from the send, or from when it was due at a fixed --rate."
        })
final class DeliverCommand extends LoadCommand {
    DeliverCommand() {
        super(Workload.Shape.DELIVER, 1_000);
    }
}
