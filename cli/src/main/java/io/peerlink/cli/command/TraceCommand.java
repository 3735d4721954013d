package io.peerlink.cli.command;

import io.peerlink.cli.ConversationName;
import io.peerlink.cli.output.Answers;
import io.peerlink.client.MessageId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink trace}. */
@Command(
        name = "trace",
        header = "The life of one message: its place in the routers' log, and what happened when, for each recipient.",
        description = "For its sender and its recipients. Times are the cluster's clock.")
public final class TraceCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "ID|PEER|GROUP",
            description = "CONVERSATION/SEQUENCE, as send --output json prints it; of a name alone the newest message")
    private String id = "";

    @Override
    public Integer call() throws Exception {
        return PeerTask.run(Objects.requireNonNull(spec), task -> {
            MessageId message = task.await(ConversationName.resolveMessage(task.client(), id));
            task.printer().print(Answers.trace(task.await(task.client().status(message))));
        });
    }
}
