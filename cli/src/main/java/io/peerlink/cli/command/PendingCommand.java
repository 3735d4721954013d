package io.peerlink.cli.command;

import io.peerlink.cli.output.Answers;
import io.peerlink.client.PendingMessages;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink pending}. */
@Command(
        name = "pending",
        header = "Messages that wait: for you, or what you sent to a peer that has not confirmed it.")
public final class PendingCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PEER", description = "whose inbox (default: your own)")
    private @Nullable String peer;

    @Override
    public Integer call() throws Exception {
        return PeerTask.run(Objects.requireNonNull(spec), task -> {
            PendingMessages pending = task.await(task.client().pending(Optional.ofNullable(peer)));
            String whose = peer == null ? task.client().name() : peer;
            task.printer().note(pending.count() + (pending.more() ? " or more" : "") + " waiting for " + whose);
            task.printer().print(Answers.pending(pending));
        });
    }
}
