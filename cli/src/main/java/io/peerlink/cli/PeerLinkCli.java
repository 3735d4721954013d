package io.peerlink.cli;

import io.peerlink.cli.bench.BenchCommand;
import io.peerlink.cli.command.AdminCommand;
import io.peerlink.cli.command.BlockCommand;
import io.peerlink.cli.command.ClusterCommand;
import io.peerlink.cli.command.ConfigCommand;
import io.peerlink.cli.command.DoctorCommand;
import io.peerlink.cli.command.GroupCommand;
import io.peerlink.cli.command.HistoryCommand;
import io.peerlink.cli.command.KeysCommand;
import io.peerlink.cli.command.ListenCommand;
import io.peerlink.cli.command.OperatorCommand;
import io.peerlink.cli.command.PendingCommand;
import io.peerlink.cli.command.ReadCommand;
import io.peerlink.cli.command.RegisterCommand;
import io.peerlink.cli.command.RotateKeyCommand;
import io.peerlink.cli.command.SendCommand;
import io.peerlink.cli.command.StatusCommand;
import io.peerlink.cli.command.TlsCommand;
import io.peerlink.cli.command.TopCommand;
import io.peerlink.cli.command.TraceCommand;
import io.peerlink.cli.demo.DemoCommand;
import io.peerlink.cli.output.TerminalText;
import io.peerlink.cli.shell.ShellCommand;
import java.time.Duration;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The {@code peerlink} command. */
@Command(
        name = "peerlink",
        versionProvider = PeerLinkCli.Version.class,
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        sortOptions = false,
        header = "Durable messages between peers and groups, with receipts you can trust.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "%nStart a local cluster with @|bold bin/cluster start|@, then:%n",
            "  peerlink shell --id alice       register, chat, see Sent, Delivered and Read",
            "  peerlink demo                   a guided tour that kills the leader%n"
        },
        footer = {
            "%nExit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 conflict, 5 cluster unavailable,",
            "6 outcome unknown (retrying is safe), 7 not authorised.",
            "@|bold peerlink help COMMAND|@ tells more about a command."
        },
        subcommands = {
            ShellCommand.class,
            RegisterCommand.class,
            SendCommand.class,
            ListenCommand.class,
            GroupCommand.class,
            BlockCommand.class,
            RotateKeyCommand.class,
            StatusCommand.class,
            TraceCommand.class,
            PendingCommand.class,
            HistoryCommand.class,
            ReadCommand.class,
            KeysCommand.class,
            ClusterCommand.class,
            AdminCommand.class,
            OperatorCommand.class,
            ConfigCommand.class,
            TopCommand.class,
            DoctorCommand.class,
            TlsCommand.class,
            BenchCommand.class,
            DemoCommand.class,
            AutoComplete.GenerateCompletion.class,
            HelpCommand.class
        })
public final class PeerLinkCli {
    @Mixin
    private final CommonOptions options = new CommonOptions();

    CommonOptions options() {
        return options;
    }

    public static void main(String[] args) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.exit(execute(args));
    }

    /** Runs one command and returns its exit code. */
    public static int execute(String... args) {
        PeerLinkCli root = new PeerLinkCli();
        CommandLine line = new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setSubcommandsCaseInsensitive(true)
                // A text may begin with an @.
                .setExpandAtFiles(false)
                .registerConverter(Duration.class, PeerLinkCli::time)
                .setExecutionStrategy(parsed -> {
                    root.options.apply();
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setExecutionExceptionHandler(PeerLinkCli::report)
                .setParameterExceptionHandler((usage, given) -> {
                    System.err.println("error: USAGE " + TerminalText.neutralise(String.valueOf(usage.getMessage())));
                    System.err.println("hint: peerlink help"
                            + (usage.getCommandLine().getParent() == null
                                    ? ""
                                    : " " + usage.getCommandLine().getCommandName()));
                    return ExitCode.USAGE.number();
                });
        line.getSubcommands().values().stream()
                .filter(sub -> sub.getCommand() instanceof AutoComplete.GenerateCompletion)
                // It would inherit ours.
                .forEach(sub ->
                        sub.getCommandSpec().usageMessage().header("Print a completion script for bash and zsh."));
        return line.execute(args);
    }

    /** Of other exceptions picocli tells the class as well. */
    private static Duration time(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static int report(Exception thrown, CommandLine line, ParseResult parsed) {
        Failure failure = Failure.of(thrown);
        System.err.println("error: " + failure.code() + " " + TerminalText.neutralise(failure.message()));
        if (!failure.hint().isEmpty()) {
            System.err.println("hint: " + TerminalText.neutralise(failure.hint()));
        }
        if (CommonOptions.of(line.getCommandSpec()).debug()) {
            thrown.printStackTrace();
        }
        return failure.exitCode().number();
    }

    /** The version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = PeerLinkCli.class.getPackage().getImplementationVersion();
            return new String[] {"peerlink " + (version == null ? "(development)" : version)};
        }
    }
}
