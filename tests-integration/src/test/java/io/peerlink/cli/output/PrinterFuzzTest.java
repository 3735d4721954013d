package io.peerlink.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.Failure;
import io.peerlink.client.Encryption;
import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * Whatever a router or a peer may say, in whatever field: a happening is one line without anything that moves a terminal, and a
 * reader of JSON gets every character.
 */
final class PrinterFuzzTest {
    private static final MessageId ID = new MessageId("team", 1);
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private final List<String> lines = new ArrayList<>();

    @FuzzTest
    void printsOneHarmlessLine(byte[] input) {
        // Half of the pairs of bytes are characters of their own, lone surrogates among them; UTF-8 has none.
        boolean wide = input.length > 0 && input[0] == 0;
        String text = new String(input, wide ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8);

        String safe = TerminalText.neutralise(text);
        assertThat(safe.codePoints()).noneMatch(PrinterFuzzTest::isPowerful);
        assertThat(safe.codePointCount(0, safe.length())).isEqualTo(text.codePointCount(0, text.length()));
        assertThat(TerminalText.neutralise(safe)).isEqualTo(safe);
        for (Happening happening : happenings(text)) {
            for (OutputFormat format : OutputFormat.values()) {
                lines.clear();
                new Printer(format, true, new Theme(Ansi.OFF), lines::add).print(happening);
                assertThat(lines).as("%s as %s", happening, format).hasSize(1);
                assertThat(lines.get(0).codePoints())
                        .as("%s as %s", happening, format)
                        .noneMatch(PrinterFuzzTest::isPowerful);
            }
        }
        table(text);
    }

    private void table(String text) {
        Table table = new Table(List.of("peer", "text"), List.of(List.of(text, text), List.of("bob", 1)));
        for (OutputFormat format : OutputFormat.values()) {
            lines.clear();
            new Printer(format, true, new Theme(Ansi.OFF), lines::add).print(table);
            assertThat(lines).hasSize(format == OutputFormat.TABLE ? 3 : 2);
            assertThat(lines).allSatisfy(line -> assertThat(line.codePoints()).noneMatch(PrinterFuzzTest::isPowerful));
        }
        JsonObject row = JsonParser.parseString(json(table)).getAsJsonObject();
        assertThat(row.get("text").getAsString()).isEqualTo(text);
    }

    private String json(Table table) {
        lines.clear();
        new Printer(OutputFormat.JSON, true, new Theme(Ansi.OFF), lines::add).print(table);
        return lines.get(0);
    }

    private static List<Happening> happenings(String text) {
        return List.of(
                new Happening.Received(ID, text, Optional.of(text), Instant.EPOCH, Encryption.NONE, false, text),
                new Happening.Received(ID, text, Optional.empty(), Instant.EPOCH, Encryption.KEY_CHANGED, false, text),
                new Happening.KeyAccepted(text, text),
                new Happening.Sent(ID, text, 1),
                new Happening.StateChanged(ID, Receipt.Kind.READ, text, Instant.EPOCH),
                new Happening.Registered(text),
                new Happening.GroupCreated(text),
                new Happening.Joined(text),
                new Happening.Left(text),
                new Happening.MarkedRead(text),
                new Happening.Failed(new Failure(ExitCode.FAILED, text, text, text)));
    }

    private static boolean isPowerful(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> codePoint != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }
}
