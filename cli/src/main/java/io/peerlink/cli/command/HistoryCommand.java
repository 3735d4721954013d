package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ConversationName;
import io.peerlink.cli.output.Answers;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink history}. */
@Command(name = "history", header = "The last messages of a conversation, oldest first.")
public final class HistoryCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "PEER|GROUP", description = "a name, '#GROUP', or a pair such as alice~bob")
    private String name = "";

    @Option(names = "--before", paramLabel = "SEQUENCE", description = "only messages below this sequence")
    private long before;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "at most N messages, up to 1000 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Override
    public Integer call() throws Exception {
        return PeerTask.run(Objects.requireNonNull(spec), CommonOptions::opening, task -> {
            String conversation = task.await(ConversationName.resolve(task.client(), name));
            var page = task.await(task.client().history(conversation, before, limit));
            task.printer().print(Answers.history(page));
        });
    }
}
