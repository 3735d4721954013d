package io.peerlink.cli.bench;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code peerlink bench}. */
@Command(
        name = "bench",
        header = "Measures a cluster.",
        subcommands = {
            SendCommand.class,
            LatencyCommand.class,
            DeliverCommand.class,
            FanoutCommand.class,
            FailoverCommand.class,
            RecoveryCommand.class
        })
public final class BenchCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "bench needs a command: send, latency, deliver, fanout, failover or recovery");
    }
}
