package io.peerlink.server.edge;

import java.util.Optional;

/** Names of peers and groups: {@code [a-z0-9][a-z0-9._-]{0,63}} after lower-casing ASCII. */
final class Names {
    private static final int LENGTH_MAX = 64;

    private Names() {}

    /** The canonical form, or empty if the text is not a legal name. */
    static Optional<String> canonical(String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = lowerCase(text.charAt(i));
            if (!isAlphanumeric(c) && (i == 0 || !isPunctuation(c))) {
                return Optional.empty();
            }
            name.append(c);
        }
        return Optional.of(name.toString());
    }

    /** ASCII only, on purpose: locale and Unicode rules would make different names equal or equal names different. */
    private static char lowerCase(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static boolean isPunctuation(char c) {
        return c == '.' || c == '_' || c == '-';
    }
}
