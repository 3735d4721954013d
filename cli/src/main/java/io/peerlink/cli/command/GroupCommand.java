package io.peerlink.cli.command;

import io.peerlink.cli.output.Answers;
import io.peerlink.cli.output.Happening;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink group}. */
@Command(name = "group", header = "Create, join, leave and list groups.")
public final class GroupCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "group needs a command: create, join, leave, ls or members");
    }

    @Command(header = "Create a group with yourself as its first member.")
    int create(@Parameters(paramLabel = "GROUP") String group) throws Exception {
        return PeerTask.run(spec(), task -> {
            var change = task.await(task.client().createGroup(group));
            task.printer().print(new Happening.GroupCreated(change.group()));
        });
    }

    @Command(header = "Join a group: you get what is sent from now on.")
    int join(@Parameters(paramLabel = "GROUP") String group) throws Exception {
        return PeerTask.run(spec(), task -> {
            var change = task.await(task.client().joinGroup(group));
            task.printer().print(new Happening.Joined(change.group()));
        });
    }

    @Command(header = "Leave a group: what you have not received of it is not owed to you any more.")
    int leave(@Parameters(paramLabel = "GROUP") String group) throws Exception {
        return PeerTask.run(spec(), task -> {
            var change = task.await(task.client().leaveGroup(group));
            task.printer().print(new Happening.Left(change.group()));
        });
    }

    @Command(name = "ls", header = "List the groups you are a member of.")
    int list() throws Exception {
        return PeerTask.run(spec(), task -> {
            task.printer().print(Answers.groups(task.await(task.client().groups())));
        });
    }

    @Command(header = "List the members of a group of yours.")
    int members(@Parameters(paramLabel = "GROUP") String group) throws Exception {
        return PeerTask.run(spec(), task -> {
            task.printer().print(Answers.members(task.await(task.client().members(group))));
        });
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
