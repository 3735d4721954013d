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

/** {@code peerlink tls issue}. */
@Command(
        name = "issue",
        header = "Make certificates for more routers, or new ones for the same.",
        description = "%nUses the authorities of DIR. A running router takes new files within 5 s, without a restart.")
final class TlsIssueCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "what peerlink tls init wrote")
    private Path directory = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "HOST[,NAME...]",
            description = "a router's host; with further names and addresses of it")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            defaultValue = "825d",
            description = "how long the certificates are valid (default: ${DEFAULT-VALUE})")
    private Duration valid = Duration.ofDays(825);

    @Option(names = "--replace", description = "also for hosts that have some")
    private boolean replace;

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        List<List<String>> named =
                hosts.stream().map(ClusterCertificates::hostNames).toList();
        ClusterCertificates cluster = ClusterCertificates.open(directory);
        for (List<String> host : named) {
            TlsCommand.tell(cluster.issue(host, valid, replace));
        }
        return ExitCode.OK.number();
    }
}
