package io.peerlink.cli.command;

import io.peerlink.cli.ExitCode;
import io.peerlink.cli.tls.ClusterCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerlink tls init}. */
@Command(
        name = "init",
        header = "Make a cluster's authorities, and certificates for its routers.",
        description = {
            "%nWrites to DIR two authorities, ca.pem for what clients see and raft-ca.pem for routers among each other, and a",
            "directory for each HOST with all that its router needs. Give ca.pem to clients (--ca). Keep ca.key and",
            "raft-ca.key off the routers: whoever has them can be any router. Refuses to write over others."
        })
final class TlsInitCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "to be made, or without authorities")
    private Path directory = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "HOST[,NAME...]",
            description = "a router's host as in the list of routers; with further names and addresses of it")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            defaultValue = "825d",
            description = "how long the routers' certificates are valid (default: ${DEFAULT-VALUE})")
    private Duration valid = Duration.ofDays(825);

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        List<List<String>> named =
                hosts.stream().map(ClusterCertificates::hostNames).toList();
        ClusterCertificates made = ClusterCertificates.create(directory);
        for (List<String> host : named) {
            TlsCommand.tell(made.issue(host, valid, false));
        }
        System.out.println("# for clients: --ca " + made.authority().toAbsolutePath());
        return ExitCode.OK.number();
    }
}
