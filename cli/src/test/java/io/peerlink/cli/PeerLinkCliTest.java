package io.peerlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class PeerLinkCliTest {
    @Test
    void debugBehindTheCommandTellsWhere() {
        assertThat(errorsOf("send", "--id", "no-key-of-this-name", "bob", "hi"))
                .contains("error: NOT_REGISTERED")
                .doesNotContain("\tat io.peerlink.cli");
        assertThat(errorsOf("send", "--debug", "--id", "no-key-of-this-name", "bob", "hi"))
                .contains("error: NOT_REGISTERED", "\tat io.peerlink.cli");
    }

    @Test
    void aPortBeyondAllPortsIsToldAsUsage() {
        for (String[] command : new String[][] {{"cluster", "status"}, {"cluster", "members"}, {"top", "--once"}}) {
            String[] line = Arrays.copyOf(command, command.length + 2);
            line[command.length] = "--servers";
            line[command.length + 1] = "127.0.0.1:99999";
            assertThat(errorsOf(line))
                    .as("%s", (Object) command)
                    .isEqualTo("error: USAGE '127.0.0.1:99999' is not host:port with a port from 1 to 65535\n");
        }
    }

    @Test
    void wrongUsageIsToldInPlainWords() {
        assertThat(errorsOf("pending", "--id", "x", "--timeout", "-5s"))
                .startsWith("error: USAGE Invalid value for option '--timeout': '-5s' is not a time;")
                .doesNotContain("Exception");
        assertThat(errorsOf("cluster", "status", "--ca", "/nonexistent"))
                .contains("error: USAGE there is no file /nonexistent", "hint: --ca (or PEERLINK_CA) names");
        assertThat(errorsOf("admin", "invites", "--operator", "no-operator-of-this-name"))
                .contains("error: BAD_IDENTITY there is no key of an operator no-operator-of-this-name")
                .contains("hint: peerlink operator init no-operator-of-this-name makes one");
        assertThat(errorsOf("operator", "show", "no-operator-of-this-name")).contains("hint: peerlink operator init");
        assertThat(errorsOf("register", "new-keys-are-made-after-this", "--invite-file", "/nonexistent"))
                .contains("error: USAGE the code in /nonexistent cannot be read");
    }

    @Test
    void everyCommandTellsWhatItDoes() {
        assertThat(PeerLinkCli.execute("send", "--help")).isZero();
        assertThat(PeerLinkCli.execute("cluster", "add", "-h")).isZero();
        assertThat(PeerLinkCli.execute("--version")).isZero();
    }

    private static String errorsOf(String... arguments) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level level = root.getLevel();
        PrintStream console = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            PeerLinkCli.execute(arguments);
        } finally {
            System.setErr(console);
            root.setLevel(level);
        }
        return errors.toString(StandardCharsets.UTF_8);
    }
}
