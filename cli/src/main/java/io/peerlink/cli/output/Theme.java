package io.peerlink.cli.output;

import io.peerlink.cli.output.Happening.Failed;
import io.peerlink.cli.output.Happening.Received;
import io.peerlink.cli.output.Happening.Sent;
import io.peerlink.cli.output.Happening.StateChanged;
import io.peerlink.client.Receipt;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** Colours and ticks for people. Honours NO_COLOR and the like through picocli's {@link Ansi}. */
public final class Theme {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Ansi ansi;

    public Theme(Ansi ansi) {
        this.ansi = ansi;
    }

    /** A happening's plain line, dressed up. */
    String colour(Happening happening, String plain) {
        if (happening instanceof Received received) {
            String time = CLOCK.format(received.sentAt().atZone(ZoneId.systemDefault()));
            String from = TerminalText.neutralise(received.sender()
                    + received.group().map(group -> " (" + group + ")").orElse("")
                    + SealText.mark(received.encryption(), received.again()));
            return style("faint", time) + " " + style("bold,cyan", from) + " : " + plain.substring(from.length() + 3);
        }
        if (happening instanceof Sent) {
            return style("faint", "✓ " + plain);
        }
        if (happening instanceof StateChanged changed) {
            boolean good = changed.kind() == Receipt.Kind.DELIVERED || changed.kind() == Receipt.Kind.READ;
            return style(good ? "green" : "yellow", (good ? "✓✓ " : "✗ ") + plain);
        }
        return happening instanceof Failed ? style("red", plain) : style("green", plain);
    }

    /** What makes room for a new picture on a terminal; nothing where escape sequences are not wanted. */
    public Optional<String> clearScreen() {
        return ansi.enabled() ? Optional.of("\033[H\033[2J") : Optional.empty();
    }

    /** Text in a picocli style such as {@code bold,green}; plain where colour is off. */
    public String style(String style, String text) {
        if (!ansi.enabled()) {
            return text;
        }
        // Not Ansi.string: it would read markup out of the text itself.
        var styles = Ansi.Style.parse(style);
        return Ansi.Style.on(styles) + text + Ansi.Style.off(styles);
    }
}
