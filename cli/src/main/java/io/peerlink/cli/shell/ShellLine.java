package io.peerlink.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Splits a line of the shell into words. The text of a message is taken as it stands: quotes and blanks are the sender's. */
final class ShellLine {
    private static final Set<String> WITH_TEXT = Set.of("SEND_MSG", "SEND");

    private ShellLine() {}

    /** Words for picocli; empty for a blank line or a comment. */
    static List<String> words(String line) {
        String trimmed = line.strip();
        if (trimmed.isEmpty() || trimmed.startsWith("#")) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        String rest = take(trimmed, words);
        if (WITH_TEXT.contains(words.get(0).toUpperCase(Locale.ROOT))) {
            // A text may begin with a dash.
            words.add("--");
            rest = take(rest, words);
            if (!rest.isEmpty()) {
                words.add(rest);
            }
            return words;
        }
        while (!rest.isEmpty()) {
            rest = take(rest, words);
        }
        return words;
    }

    /** Moves the first word to {@code words} and returns what follows it. */
    private static String take(String text, List<String> words) {
        if (text.isEmpty()) {
            return text;
        }
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        words.add(text.substring(0, end));
        return text.substring(end).strip();
    }
}
