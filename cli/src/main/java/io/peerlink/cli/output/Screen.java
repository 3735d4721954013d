package io.peerlink.cli.output;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** The whole terminal (JLine), showing one picture that is renewed in place. What was there before comes back at the end. One thread. */
public final class Screen implements AutoCloseable {
    private static final int END_OF_INPUT = NonBlockingReader.EOF;
    private static final int CONTROL_C = 3;

    private final Terminal terminal;
    private final Attributes before;
    private final Display display;

    /** Takes the terminal. */
    public Screen() throws IOException {
        terminal = TerminalBuilder.builder().system(true).build();
        before = terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        display = new Display(terminal, true);
    }

    /** Shows a line and a table below it, and nothing else. */
    public void show(String title, Table table) {
        List<AttributedString> lines = new ArrayList<>();
        lines.add(AttributedString.fromAnsi(title));
        lines.add(AttributedString.EMPTY);
        int width = Math.max(1, terminal.getColumns());
        int height = Math.max(1, terminal.getRows());
        table.aligned().forEach(line -> lines.add(new AttributedString(line)));
        display.resize(Size.of(width, height));
        display.update(
                lines.stream()
                        .limit(height)
                        .map(line -> line.columnSubSequence(0, width))
                        .toList(),
                0);
        terminal.flush();
    }

    /** Waits for so long at most; returns true at once when somebody wants to leave. */
    public boolean isLeft(Duration wait) throws IOException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            int key = terminal.reader().read(leftMs);
            if (key == 'q' || key == 'Q' || key == CONTROL_C || key == END_OF_INPUT) {
                return true;
            }
        }
    }

    @Override
    public void close() throws IOException {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(before);
        terminal.close();
    }
}
