package io.peerlink.cli.command;

import io.peerlink.cli.output.Answers;
import io.peerlink.cli.output.Happening;
import io.peerlink.client.GroupChange;
import io.peerlink.client.GroupRole;
import io.peerlink.client.ManagedGroup;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink group}. */
@Command(name = "group", header = "Create, join, leave, list and manage groups.")
public final class GroupCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "group needs a command; see peerlink group --help");
    }

    @Command(header = "Create a group with yourself as its first member and owner.")
    int create(
            @Parameters(paramLabel = "GROUP") String group,
            @Option(names = "--private", description = "only invited peers may join") boolean closed)
            throws Exception {
        return PeerTask.run(spec(), task -> {
            var change = task.await(
                    closed
                            ? task.client().createPrivateGroup(group)
                            : task.client().createGroup(group));
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

    @Command(header = "Let a peer join.")
    int invite(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer)
            throws Exception {
        return manage("Invited", group, peer, managed -> managed.invite(peer));
    }

    @Command(header = "List the groups that you were invited to; \"leave\" declines.")
    int invitations() throws Exception {
        return PeerTask.run(spec(), task -> {
            task.printer().print(Answers.invitations(task.await(task.client().invitations())));
        });
    }

    @Command(header = "End a peer's membership or invitation.")
    int remove(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer)
            throws Exception {
        return manage("Removed", group, peer, managed -> managed.remove(peer));
    }

    @Command(header = "Remove a peer and keep it from coming back.")
    int ban(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer)
            throws Exception {
        return manage("Banned", group, peer, managed -> managed.ban(peer));
    }

    @Command(header = "Let a banned peer come again.")
    int unban(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer)
            throws Exception {
        return manage("Unbanned", group, peer, managed -> managed.unban(peer));
    }

    @Command(header = "Make a member reader, member, admin or owner.")
    int role(
            @Parameters(paramLabel = "GROUP") String group,
            @Parameters(paramLabel = "PEER") String peer,
            @Parameters(paramLabel = "ROLE") GroupRole role)
            throws Exception {
        return manage(
                "Made " + role.name().toLowerCase(Locale.ROOT), group, peer, managed -> managed.setRole(peer, role));
    }

    @Command(header = "Make another member owner, and yourself an admin.")
    int transfer(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer)
            throws Exception {
        return manage("Made owner", group, peer, managed -> managed.handOver(peer));
    }

    @Command(header = "Delete a group: what was sent is still delivered, its name stays taken.")
    int delete(@Parameters(paramLabel = "GROUP") String group) throws Exception {
        return manage("Deleted", group, "", ManagedGroup::delete);
    }

    private int manage(
            String done, String group, String peer, Function<ManagedGroup, CompletableFuture<GroupChange>> change)
            throws Exception {
        return PeerTask.run(spec(), task -> {
            var changed = task.await(change.apply(task.client().manage(group)));
            task.printer().print(new Happening.Changed(done, peer.toLowerCase(Locale.ROOT), changed.group()));
        });
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
