package io.peerlink.cli.bench;

import picocli.CommandLine.Command;

/** {@code peerlink bench send}. */
@Command(
        name = "send",
        header = "How many sends a second are acknowledged.",
        description = {
            "Starts three routers of its own, unless --servers names some. Each sender sends to a peer of its own; that one reads",
            "when the time is over. Exits with 1 if a send failed, or if anything acknowledged was lost or doubled."
        })
final class SendCommand extends LoadCommand {
    SendCommand() {
        super(Workload.Shape.SEND, 1_000);
    }
}
