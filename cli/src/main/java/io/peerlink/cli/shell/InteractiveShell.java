package io.peerlink.cli.shell;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.OwnerOnly;
import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Printer;
import io.peerlink.cli.output.Theme;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ConnectionState;
import io.peerlink.client.PeerLinkClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;

/**
 * The shell at a terminal (JLine): history, completion of commands and of names seen so far, what comes in printed above
 * the line being typed, and a prompt that shows who one is and whether the link is up.
 */
final class InteractiveShell {
    private final CommonOptions options;
    private final Theme theme;
    private final Printer printer;
    private final ShellSession session;
    private final Terminal terminal;
    private final LineReader reader;
    private final ShellCommands commands;
    private final CommandLine line;

    /**
     * @param encrypt whether it starts with end-to-end encryption of what is sent
     */
    InteractiveShell(CommonOptions options, boolean encrypt) throws IOException {
        this.options = options;
        this.theme = options.theme();
        this.terminal = TerminalBuilder.builder().system(true).build();
        OutputFormat format = options.format();
        this.printer = new Printer(format, options.statesShown(), theme, this::printAbove);
        this.session = new ShellSession(PeerSource.of(options), options.timeout(), printer, this::onConnection);
        session.encrypt(encrypt);
        this.commands = new ShellCommands(session, printer, options.idOrEmpty());
        this.line = commands.commandLine();
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("peerlink")
                .completer((lineReader, parsed, candidates) -> complete(parsed, candidates))
                .variable(LineReader.HISTORY_FILE, historyFile())
                // "!" is punctuation in a chat.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    int run() throws IOException {
        try (terminal;
                session) {
            printer.note(theme.style("faint", "PeerLink shell. HELP lists the commands, Ctrl-D leaves."));
            ShellCommand.attach(session, options.idOrEmpty());
            if (session.attached().isEmpty()) {
                printer.note(theme.style(
                        "faint",
                        "Not registered here yet: type REGISTER "
                                + (options.idOrEmpty().isEmpty() ? "NAME" : "")));
            }
            while (!commands.isQuit()) {
                try {
                    List<String> words = ShellLine.words(reader.readLine(prompt()));
                    if (!words.isEmpty()) {
                        line.execute(words.toArray(String[]::new));
                    }
                } catch (UserInterruptException e) {
                    // Ctrl-C drops the line; the next one is asked for.
                } catch (EndOfFileException e) {
                    break;
                }
            }
        }
        return session.exitCode().number();
    }

    private String prompt() {
        Optional<PeerLinkClient> client = session.attached();
        if (client.isEmpty()) {
            return theme.style("bold", "peerlink> ");
        }
        String name = client.get().name();
        boolean up = client.get().state() == ConnectionState.ATTACHED;
        String router =
                client.get().attachment().map(attachment -> attachment.router()).orElse("?");
        return up ? theme.style("bold,green", name + "@" + router + "> ") : theme.style("bold,yellow", name + "@…> ");
    }

    private void onConnection(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Lost lost) {
            printAbove(theme.style("yellow", "· link lost (" + lost.reason() + "), looking for the leader"));
        } else if (event instanceof ConnectionEvent.Attached attached) {
            printAbove(theme.style(
                    "faint", "· attached to " + attached.attachment().router()));
        }
    }

    private void printAbove(String text) {
        if (reader != null && reader.isReading()) {
            reader.printAbove(text);
        } else {
            terminal.writer().println(text);
            terminal.writer().flush();
        }
    }

    private void complete(ParsedLine parsed, List<Candidate> candidates) {
        if (parsed.wordIndex() == 0) {
            line.getSubcommands().keySet().forEach(command -> candidates.add(new Candidate(command)));
        } else if (parsed.wordIndex() == 1) {
            session.names().forEach(name -> candidates.add(new Candidate(name)));
        }
    }

    /** Where JLine keeps what was typed: for the owner's eyes, since it holds the texts of messages. */
    private static Path historyFile() throws IOException {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state == null || state.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return OwnerOnly.file(OwnerOnly.directory(base.resolve("peerlink")).resolve("history"));
    }
}
