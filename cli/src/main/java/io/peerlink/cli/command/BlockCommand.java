package io.peerlink.cli.command;

import io.peerlink.cli.output.Answers;
import io.peerlink.cli.output.Happening;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink block}. */
@Command(
        name = "block",
        header = "Choose whose messages you do not take.",
        description = {
            "Direct messages and invitations of a blocked peer are refused as if nobody had your name. Groups go on: leave",
            "those that you share."
        })
public final class BlockCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "block needs a command: add, remove or ls");
    }

    @Command(header = "Take no messages from a peer.")
    int add(@Parameters(paramLabel = "PEER") String peer) throws Exception {
        return PeerTask.run(spec(), task -> {
            task.await(task.client().block(peer));
            task.printer().print(new Happening.Changed("Blocked", peer.toLowerCase(Locale.ROOT), ""));
        });
    }

    @Command(header = "Take them again.")
    int remove(@Parameters(paramLabel = "PEER") String peer) throws Exception {
        return PeerTask.run(spec(), task -> {
            task.await(task.client().unblock(peer));
            task.printer().print(new Happening.Changed("Unblocked", peer.toLowerCase(Locale.ROOT), ""));
        });
    }

    @Command(name = "ls", header = "List whom you block.")
    int list() throws Exception {
        return PeerTask.run(spec(), task -> {
            task.printer().print(Answers.blocked(task.await(task.client().blocked())));
        });
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
