package io.peerlink.cli.bench;

import picocli.CommandLine.Command;

/** {@code peerlink bench latency}. */
@Command(
        name = "latency",
        header = "How long a send takes until it is acknowledged.",
        description = "As bench send, with one send in flight for each sender, or at a fixed --rate.")
final class LatencyCommand extends LoadCommand {
    LatencyCommand() {
        super(Workload.Shape.SEND, 1);
    }
}
