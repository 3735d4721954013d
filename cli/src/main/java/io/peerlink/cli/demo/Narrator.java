package io.peerlink.cli.demo;

import io.peerlink.cli.output.TerminalText;
import io.peerlink.cli.output.Theme;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Tells the demo's story, a line at a time. Thread-safe. */
final class Narrator {
    private final Theme theme;
    private final PrintStream out;
    private final long startedAt = System.nanoTime();

    Narrator(Theme theme, PrintStream out) {
        this.theme = theme;
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    /** A new scene. */
    synchronized void scene(String title) {
        out.println();
        out.println(theme.style("bold,cyan", "── " + title + " ") + theme.style("faint", clock()));
    }

    /** What the demo does or finds. */
    synchronized void say(String text) {
        out.println("   " + text);
    }

    /** What a peer types. */
    synchronized void does(String peer, String command) {
        out.println("   " + theme.style("bold", peer + "> ") + command);
    }

    /** What a peer's screen shows. */
    synchronized void sees(String peer, String line) {
        out.println(
                "   " + theme.style("faint", peer + " sees ") + theme.style("green", TerminalText.neutralise(line)));
    }

    /** Something went wrong, or dies on purpose. */
    synchronized void bang(String text) {
        out.println("   " + theme.style("bold,red", text));
    }

    /** A line of the summary. */
    synchronized void fact(String what, String figure) {
        out.printf("   %-46s %s%n", what, theme.style("bold", figure));
    }

    private String clock() {
        return String.format("(%.1f s)", (System.nanoTime() - startedAt) / 1e9);
    }
}
