package io.peerlink.client.session;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a router listens.
 *
 * @param host a name or an address, without brackets
 * @param port from 1 to 65535
 */
public record Endpoint(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\s\\[\\]]+)]|([^:\\s\\[\\]]+)):([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Endpoint of(String text) {
        return find(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is not host:port with a port from 1 to " + PORT_MAX));
    }

    /** As {@link #of}; empty if it is none. */
    static Optional<Endpoint> find(String text) {
        Matcher matcher = FORM.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        return port < 1 || port > PORT_MAX
                ? Optional.empty()
                : Optional.of(new Endpoint(matcher.group(1) != null ? matcher.group(1) : matcher.group(2), port));
    }
}
