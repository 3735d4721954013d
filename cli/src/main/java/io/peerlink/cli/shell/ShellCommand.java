package io.peerlink.cli.shell;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.output.Printer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerlink shell}: interactive on a terminal, line by line from a pipe. */
@Command(
        name = "shell",
        header = "Talk: commands in, messages and receipts out.",
        description = {
            "Attaches at once if the name is registered with this machine's key; else type REGISTER. Commands work in any",
            "case: REGISTER, SEND_MSG TO TEXT, CREATE_GROUP G, JOIN_GROUP G, LEAVE_GROUP G, STATUS, PENDING, HISTORY,",
            "GROUPS, MEMBERS, READ, ENCRYPT, KEYS, ACCEPT_KEY, HELP, QUIT. What you send waits at least 30 s for its outcome (longer with --timeout), so",
            "that it survives a change of leader.%n",
            "  peerlink shell --id alice",
            "  printf 'REGISTER\\nSEND_MSG bob hello\\n' | peerlink shell --id alice"
        })
public final class ShellCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--encrypt", description = "encrypt what you send end to end, to peers only (or type ENCRYPT on)")
    private boolean encrypt;

    @Override
    public Integer call() throws IOException {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        if (CommonOptions.isInteractive()) {
            return new InteractiveShell(options, encrypt).run();
        }
        Printer printer = options.printer();
        ShellSession session = new ShellSession(PeerSource.of(options), options.timeout(), printer, event -> {});
        session.encrypt(encrypt);
        return piped(
                session,
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                printer,
                options.idOrEmpty());
    }

    /**
     * Reads commands from a pipe: no prompt, goes on after an error, ends with the pipe or with a session that the routers
     * ended. The first failure decides the exit code.
     */
    static int piped(ShellSession session, BufferedReader input, Printer printer, String ownName) {
        try (session;
                PipedLines lines = new PipedLines(input)) {
            ShellCommands commands = new ShellCommands(session, printer, ownName);
            CommandLine line = commands.commandLine();
            attach(session, ownName);
            while (!commands.isQuit()) {
                CompletableFuture<Optional<String>> next = lines.next();
                CompletableFuture.anyOf(next, session.ended()).join();
                if (session.ended().isDone() || next.join().isEmpty()) {
                    break;
                }
                List<String> words = ShellLine.words(next.join().get());
                if (!words.isEmpty()) {
                    line.execute(words.toArray(String[]::new));
                }
            }
        }
        return session.exitCode().number();
    }

    /** Attaches if it can. A name that this cluster does not know is no failure: REGISTER may come next. */
    static void attach(ShellSession session, String name) {
        try {
            session.attachIfRegistered(name);
        } catch (io.peerlink.client.PeerLinkException e) {
            if (e.code() != io.peerlink.client.ErrorCode.NOT_REGISTERED) {
                session.fail(e);
            }
        }
    }
}
