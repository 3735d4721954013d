package io.peerlink.cli.command;

import io.peerlink.cli.tls.ClusterCertificates;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code peerlink tls}. */
@Command(
        name = "tls",
        header = "Certificates of a cluster.",
        subcommands = {TlsInitCommand.class, TlsIssueCommand.class, HelpCommand.class})
public final class TlsCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "tls needs a command: init or issue");
    }

    /** Tells what to do with what was made for a host. */
    static void tell(Path host) {
        System.out.println(
                "# for " + host.getFileName() + ": copy this directory there, and put into the configuration:");
        System.out.print(ClusterCertificates.configuration(host.toAbsolutePath()));
    }
}
