package io.peerlink.cli.command;

import io.peerlink.cli.ConversationName;
import io.peerlink.cli.output.Answers;
import io.peerlink.client.MessageId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink status}. */
@Command(
        name = "status",
        header = "What became of a message, for each of its recipients.",
        description = "Ids look like bob/17 or alice~bob/17 (what you and bob wrote), team/5 or '#team/5' (a group).")
public final class StatusCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "ID|PEER|GROUP",
            description = "CONVERSATION/SEQUENCE, as send --output json prints it; of a name alone the newest message")
    private String id = "";

    @Option(names = "--lacking", description = "only recipients that have not confirmed it")
    private boolean lacking;

    @Override
    public Integer call() throws Exception {
        return PeerTask.run(Objects.requireNonNull(spec), task -> {
            MessageId message = task.await(ConversationName.resolveMessage(task.client(), id));
            var answer =
                    lacking ? task.client().whoLacks(message) : task.client().status(message);
            task.printer().print(Answers.status(task.await(answer)));
        });
    }
}
