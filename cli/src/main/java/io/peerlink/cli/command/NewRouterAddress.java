package io.peerlink.cli.command;

import io.peerlink.client.admin.RouterInfo.RouterAddress;
import picocli.CommandLine.Option;

/** Where a router that is to come can be reached, as its own configuration says. */
final class NewRouterAddress {
    @Option(
            names = "--client",
            required = true,
            paramLabel = "HOST:PORT",
            description = "where the new router listens for clients")
    private String client = "";

    @Option(
            names = "--raft",
            required = true,
            paramLabel = "HOST:PORT",
            description = "where the new router listens for routers")
    private String raft = "";

    RouterAddress of(String routerId) {
        return new RouterAddress(routerId, client, raft);
    }
}
