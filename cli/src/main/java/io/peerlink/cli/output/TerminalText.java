package io.peerlink.cli.output;

/**
 * Makes text from others safe to print. A message must not move the cursor, recolour the screen, forge a second line or
 * turn the reading direction: control characters become visible pictures, invisible direction marks become a mark.
 */
public final class TerminalText {
    private static final char PICTURES = '\u2400';
    private static final char PICTURE_DELETE = '\u2421';
    private static final char REPLACEMENT = '\uFFFD';
    /** Harmless, and composed emoji need it. */
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private TerminalText() {}

    /** The text on one line, harmless. */
    public static String neutralise(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> append(safe, codePoint));
        return safe.toString();
    }

    /** JSON on one line whose strings tell the same, without characters that a terminal would act on. */
    public static String escapeJson(String json) {
        StringBuilder safe = new StringBuilder(json.length());
        json.codePoints().forEach(codePoint -> {
            if (isInvisibleControl(codePoint)) {
                for (char unit : Character.toChars(codePoint)) {
                    safe.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                safe.appendCodePoint(codePoint);
            }
        });
        return safe.toString();
    }

    private static void append(StringBuilder safe, int codePoint) {
        if (codePoint < ' ') {
            safe.append((char) (PICTURES + codePoint));
        } else if (codePoint == 0x7f) {
            safe.append(PICTURE_DELETE);
        } else if (isInvisibleControl(codePoint)) {
            safe.append(REPLACEMENT);
        } else {
            safe.appendCodePoint(codePoint);
        }
    }

    /** C1 controls, line and paragraph separators, direction overrides, unpaired surrogates, and the like. */
    private static boolean isInvisibleControl(int codePoint) {
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
