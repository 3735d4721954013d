package io.peerlink.cli.shell;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Answers;
import io.peerlink.cli.output.Happening;
import io.peerlink.cli.output.Printer;
import io.peerlink.client.GroupRole;
import io.peerlink.client.MessageId;
import io.peerlink.client.PendingMessages;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** The shell's commands, in any case. Each method only translates from words to {@link ShellSession}. */
@Command(name = "")
final class ShellCommands {
    private static final String HISTORY_LIMIT = "20";

    private final ShellSession session;
    private final Printer printer;
    private final String ownName;
    private boolean quit;

    /** A switch with words. */
    enum OnOff {
        ON,
        OFF
    }

    /**
     * @param ownName the name given with {@code --id}; may be empty
     */
    ShellCommands(ShellSession session, Printer printer, String ownName) {
        this.session = session;
        this.printer = printer;
        this.ownName = ownName;
    }

    /** Ready to execute the words of a line. Failures are told through the session, whose exit code they decide. */
    CommandLine commandLine() {
        return new CommandLine(this)
                .setSubcommandsCaseInsensitive(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A text may begin with an @.
                .setExpandAtFiles(false)
                .setExecutionExceptionHandler((thrown, line, parsed) -> {
                    session.fail(thrown);
                    return ExitCode.FAILED.number();
                })
                .setParameterExceptionHandler((usage, given) -> {
                    String command = usage.getCommandLine().getCommandName();
                    session.fail(new CliException(
                            ExitCode.USAGE,
                            "USAGE",
                            command.isEmpty() ? "unknown command " + given[0] : usageOf(usage.getCommandLine()),
                            "type HELP"));
                    return ExitCode.USAGE.number();
                });
    }

    private static String usageOf(CommandLine line) {
        return "usage: " + line.getHelp().synopsis(0).strip();
    }

    boolean isQuit() {
        return quit;
    }

    @Command(name = "REGISTER", header = "Register a name with this machine's key and attach as it.")
    void register(@Parameters(arity = "0..1", paramLabel = "NAME") @Nullable String name) {
        String who = name == null ? ownName : name;
        if (who.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE, "USAGE", "usage: REGISTER NAME", "or start the shell with --id NAME");
        }
        session.register(who);
    }

    @Command(name = "SEND_MSG", aliases = "SEND", header = "Send a text to a peer or a group.")
    void send(@Parameters(paramLabel = "TO") String to, @Parameters(paramLabel = "TEXT") String text) {
        session.send(to, text);
    }

    @Command(name = "ENCRYPT", header = "Encrypt what you send end to end, to peers only: on, off, or tell.")
    void encrypt(@Parameters(arity = "0..1", paramLabel = "on|off") @Nullable OnOff state) {
        if (state != null) {
            session.encrypt(state == OnOff.ON);
        }
        printer.note("Encryption is " + (session.isEncrypting() ? "on" : "off"));
    }

    @Command(name = "KEYS", header = "A peer's key, what is remembered of it, and the number to compare.")
    void keys(@Parameters(paramLabel = "PEER") String peer) {
        printer.print(Answers.keys(session.ask(client -> client.keys(peer)), printer.format()));
    }

    @Command(name = "ACCEPT_KEY", header = "From now on a peer's present key counts.")
    void acceptKey(@Parameters(paramLabel = "PEER") String peer) {
        session.acceptKey(peer);
    }

    @Command(name = "CREATE_GROUP", header = "Create a group with yourself in it.")
    void createGroup(@Parameters(paramLabel = "GROUP") String group) {
        session.createGroup(group);
    }

    @Command(name = "JOIN_GROUP", header = "Join a group.")
    void joinGroup(@Parameters(paramLabel = "GROUP") String group) {
        session.joinGroup(group);
    }

    @Command(name = "LEAVE_GROUP", header = "Leave a group.")
    void leaveGroup(@Parameters(paramLabel = "GROUP") String group) {
        session.leaveGroup(group);
    }

    @Command(name = "CREATE_PRIVATE_GROUP", header = "Create a group that only invited peers may join.")
    void createPrivateGroup(@Parameters(paramLabel = "GROUP") String group) {
        session.createPrivateGroup(group);
    }

    @Command(name = "INVITE", header = "Let a peer join a group of yours.")
    void invite(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer) {
        session.manage(
                group, managed -> managed.invite(peer), new Happening.Changed("Invited", fold(peer), fold(group)));
    }

    @Command(name = "REMOVE", aliases = "KICK", header = "End a peer's membership of a group of yours.")
    void remove(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer) {
        session.manage(
                group, managed -> managed.remove(peer), new Happening.Changed("Removed", fold(peer), fold(group)));
    }

    @Command(name = "BAN", header = "End it for good.")
    void ban(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer) {
        session.manage(group, managed -> managed.ban(peer), new Happening.Changed("Banned", fold(peer), fold(group)));
    }

    @Command(name = "UNBAN", header = "Let a banned peer come again.")
    void unban(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer) {
        session.manage(
                group, managed -> managed.unban(peer), new Happening.Changed("Unbanned", fold(peer), fold(group)));
    }

    @Command(name = "ROLE", header = "Make a member reader, member, admin or owner.")
    void role(
            @Parameters(paramLabel = "GROUP") String group,
            @Parameters(paramLabel = "PEER") String peer,
            @Parameters(paramLabel = "ROLE") GroupRole role) {
        session.manage(
                group,
                managed -> managed.setRole(peer, role),
                new Happening.Changed("Made " + fold(role.name()), fold(peer), fold(group)));
    }

    @Command(name = "TRANSFER", header = "Hand a group of yours over to a member.")
    void transfer(@Parameters(paramLabel = "GROUP") String group, @Parameters(paramLabel = "PEER") String peer) {
        session.manage(
                group, managed -> managed.handOver(peer), new Happening.Changed("Made owner", fold(peer), fold(group)));
    }

    @Command(name = "DELETE_GROUP", header = "Delete a group of yours.")
    void deleteGroup(@Parameters(paramLabel = "GROUP") String group) {
        session.manage(group, managed -> managed.delete(), new Happening.Changed("Deleted", "", fold(group)));
    }

    @Command(name = "INVITATIONS", header = "Groups you may join (LEAVE_GROUP declines).")
    void invitations() {
        printer.print(Answers.invitations(session.ask(client -> client.invitations())));
    }

    @Command(name = "BLOCK", header = "Take no messages from a peer.")
    void block(@Parameters(paramLabel = "PEER") String peer) {
        session.setBlocked(peer, true);
    }

    @Command(name = "UNBLOCK", header = "Take them again.")
    void unblock(@Parameters(paramLabel = "PEER") String peer) {
        session.setBlocked(peer, false);
    }

    @Command(name = "BLOCKED", header = "Whom you block.")
    void blocked() {
        printer.print(Answers.blocked(session.ask(client -> client.blocked())));
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Command(name = "STATUS", header = "Who has a message (default: the last one sent here).")
    void status(@Parameters(arity = "0..1", paramLabel = "ID|PEER|GROUP") @Nullable String id) {
        session.awaitOutcomes();
        MessageId message = id != null
                ? session.message(id)
                : session.lastSent()
                        .orElseThrow(() -> new CliException(
                                ExitCode.USAGE, "USAGE", "nothing was sent here yet", "give an id, such as team/5"));
        printer.note(message.toString());
        printer.print(Answers.status(session.ask(client -> client.status(message))));
    }

    @Command(name = "PENDING", header = "What waits for you, or what you sent to a peer and waits there.")
    void pending(@Parameters(arity = "0..1", paramLabel = "PEER") @Nullable String peer) {
        PendingMessages pending = session.ask(client -> client.pending(Optional.ofNullable(peer)));
        printer.note(pending.count() + " waiting" + (peer == null ? "" : " for " + peer));
        printer.print(Answers.pending(pending));
    }

    @Command(name = "HISTORY", header = "The last messages of a conversation.")
    void history(
            @Parameters(index = "0", paramLabel = "PEER|GROUP") String name,
            @Parameters(index = "1", arity = "0..1", paramLabel = "N", defaultValue = HISTORY_LIMIT) int limit) {
        String conversation = session.conversation(name);
        printer.print(Answers.history(session.ask(client -> client.history(conversation, 0, limit))));
    }

    @Command(name = "GROUPS", header = "Groups you are a member of.")
    void groups() {
        List<String> groups = session.ask(client -> client.groups());
        session.names().addAll(groups);
        printer.print(Answers.groups(groups));
    }

    @Command(name = "MEMBERS", header = "Members of a group of yours.")
    void members(@Parameters(paramLabel = "GROUP") String group) {
        printer.print(Answers.members(session.ask(client -> client.members(group))));
    }

    @Command(name = "READ", header = "Mark a conversation read, all of it or up to a message.")
    void read(@Parameters(paramLabel = "PEER|GROUP|ID") String what) {
        session.markRead(what);
    }

    @Command(name = "HELP", aliases = "?", header = "This list.")
    void help() {
        CommandSpec root = commandLine().getCommandSpec();
        for (Map.Entry<String, CommandLine> entry : root.subcommands().entrySet()) {
            CommandSpec command = entry.getValue().getCommandSpec();
            if (entry.getKey().equals(command.name())) {
                String synopsis = entry.getValue().getHelp().synopsis(0).strip();
                printer.note(String.format(
                        "%-34s %s", synopsis, command.usageMessage().header()[0]));
            }
        }
    }

    @Command(name = "QUIT", aliases = "EXIT", header = "Wait for outcomes and leave.")
    void quit() {
        quit = true;
    }
}
