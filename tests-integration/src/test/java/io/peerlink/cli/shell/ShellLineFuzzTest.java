package io.peerlink.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Printer;
import io.peerlink.cli.output.Theme;
import io.peerlink.client.ConnectionListener;
import io.peerlink.client.PeerLinkClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Any line of the shell: nothing of it gets lost or is invented, a text arrives as it was typed, and the rest is a usage error. */
final class ShellLineFuzzTest {
    private static final Set<String> WITH_TEXT = Set.of("SEND_MSG", "SEND");
    private static final int BEFORE_TEXT = 3;

    private final Printer printer = new Printer(OutputFormat.PLAIN, true, new Theme(Ansi.OFF), line -> {});
    private final CommandLine shell = new ShellCommands(session(), printer, "alice").commandLine();

    @FuzzTest
    void keepsEveryWordAndTheTextAsItStands(byte[] input) {
        String line = new String(input, StandardCharsets.UTF_8);

        List<String> words = ShellLine.words(line);

        if (words.isEmpty()) {
            assertThat(line.isBlank() || line.strip().startsWith("#")).isTrue();
            return;
        }
        assertThat(words).noneMatch(String::isEmpty);
        boolean withText = WITH_TEXT.contains(words.get(0).toUpperCase(Locale.ROOT));
        List<String> typed = new ArrayList<>(words);
        if (withText) {
            assertThat(typed.remove(1)).isEqualTo("--");
        } else {
            assertThat(words).noneMatch(word -> word.chars().anyMatch(Character::isWhitespace));
        }
        assertThat(withoutBlanks(String.join("", typed))).isEqualTo(withoutBlanks(line));
        if (withText && words.size() > BEFORE_TEXT) {
            assertThat(line.strip()).endsWith(words.get(BEFORE_TEXT));
        }
        understood(words, withText);
    }

    private void understood(List<String> words, boolean withText) {
        ParseResult command;
        try {
            command = shell.parseArgs(words.toArray(String[]::new)).subcommand();
        } catch (ParameterException e) {
            assertThat(String.valueOf(e.getMessage())).isNotBlank();
            return;
        }
        if (withText) {
            assertThat(command.matchedPositionalValue(0, "")).isEqualTo(words.get(BEFORE_TEXT - 1));
            assertThat(command.matchedPositionalValue(1, "")).isEqualTo(words.get(BEFORE_TEXT));
        }
    }

    private ShellSession session() {
        PeerSource nobody = new PeerSource() {
            @Override
            public boolean hasKey(String name) {
                return false;
            }

            @Override
            public PeerLinkClient attach(String name, boolean register, ConnectionListener connections) {
                throw new AssertionError("nothing is carried out");
            }
        };
        return new ShellSession(nobody, Duration.ZERO, printer, event -> {});
    }

    private static String withoutBlanks(String text) {
        return text.chars()
                .filter(c -> !Character.isWhitespace(c))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
