package io.peerlink.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.Failure;
import io.peerlink.client.Encryption;
import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

final class PrinterTest {
    private static final MessageId ID = new MessageId("alice~bob", 3);
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<Happening> ALL = List.of(
            new Happening.Received(ID, "bob", Optional.empty(), AT, Encryption.NONE, false, "hi\nthere"),
            new Happening.Received(
                    new MessageId("team", 1), "bob", Optional.of("team"), AT, Encryption.NONE, false, "hi"),
            new Happening.Sent(ID, "bob", 1),
            new Happening.StateChanged(ID, Receipt.Kind.DELIVERED, "bob", AT),
            new Happening.StateChanged(ID, Receipt.Kind.READ, "bob", AT),
            new Happening.StateChanged(ID, Receipt.Kind.LEFT, "bob", AT),
            new Happening.StateChanged(ID, Receipt.Kind.EXPIRED, "bob", AT),
            new Happening.Registered("alice"),
            new Happening.GroupCreated("team"),
            new Happening.Joined("team"),
            new Happening.Left("team"),
            new Happening.MarkedRead("team"),
            new Happening.Failed(new Failure(ExitCode.NOT_FOUND, "UNKNOWN_NAME", "no such \u001bname", "look")));

    private final List<String> lines = new ArrayList<>();

    @Test
    void plainLinesAreTheContract() {
        print(OutputFormat.PLAIN, true);

        assertThat(lines)
                .containsExactly(
                        "bob : hi␊there",
                        "bob (team) : hi",
                        "Sent",
                        "Delivered to bob",
                        "Read by bob",
                        "Not delivered, left the group: bob",
                        "Not delivered, expired: bob",
                        "Registered alice",
                        "Group team created",
                        "Joined team",
                        "Left team",
                        "Marked team read",
                        "error: UNKNOWN_NAME no such ␛name");
    }

    @Test
    void whetherAMessageIsSealedStandsWhereNoTextOfItCan() {
        Printer plain = new Printer(OutputFormat.PLAIN, true, new Theme(Ansi.OFF), lines::add);
        for (Encryption encryption : Encryption.values()) {
            String text = encryption.isReadable() ? "hi" : "";
            plain.print(new Happening.Received(ID, "bob", Optional.empty(), AT, encryption, false, text));
        }
        plain.print(new Happening.KeyAccepted("bob", "SHA256:AA"));

        assertThat(lines)
                .startsWith("bob : hi", "bob [sealed] : hi", "bob [sealed, former key] : hi")
                .contains(
                        "bob [sealed, not opened] : KEY_CHANGED the key of bob is not the one remembered here; compare: "
                                + "peerlink keys show bob",
                        "Accepted the key of bob SHA256:AA");
        assertThat(lines.subList(3, Encryption.values().length))
                .allMatch(line -> line.matches("bob \\[sealed, not opened] : [A-Z_]+ .+"));
        assertThat(lines).hasSize(Encryption.values().length + 1);
    }

    @Test
    void jsonTellsOfASealInAFieldOfItsOwn() {
        Printer json = new Printer(OutputFormat.JSON, true, new Theme(Ansi.OFF), lines::add);
        json.print(new Happening.Received(ID, "bob", Optional.empty(), AT, Encryption.VERIFIED, false, "hi"));
        json.print(new Happening.Received(ID, "bob", Optional.empty(), AT, Encryption.NONE, false, "hi"));
        json.print(new Happening.Received(ID, "bob", Optional.empty(), AT, Encryption.VERIFIED, true, "hi"));
        Printer table = new Printer(OutputFormat.TABLE, true, new Theme(Ansi.OFF), lines::add);
        table.print(new Happening.Received(ID, "bob", Optional.empty(), AT, Encryption.VERIFIED, false, "hi"));
        table.print(new Happening.Received(ID, "bob", Optional.empty(), AT, Encryption.VERIFIED, true, "hi"));

        assertThat(lines.get(0)).contains("\"encryption\":\"VERIFIED\"");
        assertThat(lines.subList(0, 2)).noneMatch(line -> line.contains("again"));
        assertThat(lines.get(1)).doesNotContain("encryption");
        assertThat(lines.get(2)).contains("\"encryption\":\"VERIFIED\"", "\"again\":true");
        assertThat(lines.get(3)).endsWith(" bob [sealed] : hi");
        assertThat(lines.get(4)).endsWith(" bob [sealed, again] : hi");
    }

    @Test
    void statesCanBeHidden() {
        print(OutputFormat.PLAIN, false);

        assertThat(lines)
                .hasSize(ALL.size() - 3)
                .noneMatch(line -> line.matches("Sent|Delivered.*|Read.*"))
                .contains("Not delivered, expired: bob", "Marked team read");
    }

    @Test
    void jsonIsOneObjectALine() {
        print(OutputFormat.JSON, true);

        assertThat(lines).hasSize(ALL.size()).allMatch(line -> line.startsWith("{") && !line.contains("\n"));
        JsonObject received = JsonParser.parseString(lines.get(0)).getAsJsonObject();
        assertThat(received.get("type").getAsString()).isEqualTo("received");
        assertThat(received.get("id").getAsString()).isEqualTo("alice~bob/3");
        assertThat(received.get("text").getAsString()).isEqualTo("hi\nthere");
        JsonObject delivered = JsonParser.parseString(lines.get(3)).getAsJsonObject();
        assertThat(delivered.get("type").getAsString()).isEqualTo("delivered");
        assertThat(delivered.get("peer").getAsString()).isEqualTo("bob");
    }

    @Test
    void whatMovesATerminalIsHarmlessInEveryFormatAndReadersOfJsonGetItAll() {
        String evil = "\u001b[2J\u009b\u202eli\u2028\udb40\udc41";
        Happening received = new Happening.Received(ID, evil, Optional.of(evil), AT, Encryption.NONE, false, evil);

        for (OutputFormat format : OutputFormat.values()) {
            new Printer(format, true, new Theme(Ansi.OFF), lines::add).print(received);
        }

        assertThat(lines)
                .noneMatch(line -> line.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x202e || c == 0x2028));
        assertThat(lines.get(0)).startsWith("\u241b[2J\ufffd\ufffdli\ufffd\ufffd (\u241b");
        assertThat(lines.get(1)).contains("\ufffdli\ufffd\ufffd) : \u241b[2J");
        JsonObject object = JsonParser.parseString(lines.get(2)).getAsJsonObject();
        assertThat(object.get("text").getAsString()).isEqualTo(evil);
        assertThat(object.get("sender").getAsString()).isEqualTo(evil);
    }

    @Test
    void tablesAreAlignedOrPlainOrJson() {
        Table table = new Table(List.of("peer", "n"), List.of(List.of("bob", 12), List.of("caroline", 3)));

        new Printer(OutputFormat.TABLE, true, new Theme(Ansi.OFF), lines::add).print(table);
        new Printer(OutputFormat.PLAIN, true, new Theme(Ansi.OFF), lines::add).print(table);
        new Printer(OutputFormat.JSON, true, new Theme(Ansi.OFF), lines::add).print(table);

        assertThat(lines)
                .containsExactly(
                        "PEER      N",
                        "bob       12",
                        "caroline  3",
                        "bob 12",
                        "caroline 3",
                        "{\"peer\":\"bob\",\"n\":12}",
                        "{\"peer\":\"caroline\",\"n\":3}");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        new Printer(OutputFormat.TABLE, true, new Theme(Ansi.OFF), lines::add).print(ALL.get(3));
        new Printer(OutputFormat.TABLE, true, new Theme(Ansi.ON), lines::add).print(ALL.get(3));

        assertThat(lines.get(0)).isEqualTo("✓✓ Delivered to bob");
        assertThat(lines.get(1)).contains("\u001b[").contains("✓✓ Delivered to bob");
    }

    private void print(OutputFormat format, boolean states) {
        Printer printer = new Printer(format, states, new Theme(Ansi.OFF), lines::add);
        ALL.forEach(printer::print);
    }
}
