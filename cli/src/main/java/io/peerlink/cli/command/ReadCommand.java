package io.peerlink.cli.command;

import io.peerlink.cli.ConversationName;
import io.peerlink.cli.output.Happening;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink read}. */
@Command(
        name = "read",
        header = "Mark a conversation read, all of it or up to a message.",
        description = "The senders see Read. Only what was delivered to you can be marked.")
public final class ReadCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "PEER|GROUP|ID", description = "a name, '#GROUP', alice~bob, or an id such as team/5")
    private String what = "";

    @Override
    public Integer call() throws Exception {
        return PeerTask.run(Objects.requireNonNull(spec), task -> {
            var mark = what.indexOf('/') >= 0
                    ? task.client().markRead(task.await(ConversationName.resolveMessage(task.client(), what)))
                    : task.client().markRead(task.await(ConversationName.resolve(task.client(), what)));
            task.printer().print(new Happening.MarkedRead(task.await(mark).conversation()));
        });
    }
}
