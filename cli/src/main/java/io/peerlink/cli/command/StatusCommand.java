package io.peerlink.cli.command;

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
        description = "Ids look like alice~bob/17 (a pair's conversation) or team/5 (a group's).")
public final class StatusCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "CONVERSATION/SEQUENCE, as send --output json prints it")
    private String id = "";

    @Option(names = "--lacking", description = "only recipients that have not confirmed it")
    private boolean lacking;

    @Override
    public Integer call() throws Exception {
        MessageId message = MessageId.parse(id);
        return PeerTask.run(Objects.requireNonNull(spec), task -> {
            var answer =
                    lacking ? task.client().whoLacks(message) : task.client().status(message);
            task.printer().print(Answers.status(task.await(answer)));
        });
    }
}
