package io.peerlink.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A message to send, to a peer or a group. Immutable; the body is copied on the way in. */
public final class OutgoingMessage {
    /** What an absent content type stands for. */
    public static final String TEXT = "text/plain; charset=utf-8";

    private final String to;
    private final byte[] body;
    private final String contentType;
    private final Optional<Duration> ttl;
    private final boolean sealed;

    private OutgoingMessage(String to, byte[] body, String contentType, Optional<Duration> ttl, boolean sealed) {
        this.to = to;
        this.body = body;
        this.contentType = contentType;
        this.ttl = ttl;
        this.sealed = sealed;
    }

    /** A text message in UTF-8. {@code to} is a peer's or a group's name. */
    public static OutgoingMessage text(String to, String text) {
        return new OutgoingMessage(fold(to), text.getBytes(StandardCharsets.UTF_8), "", Optional.empty(), false);
    }

    /** Any bytes. {@code contentType}: up to 127 visible ASCII characters; empty stands for UTF-8 text. */
    public static OutgoingMessage bytes(String to, byte[] body, String contentType) {
        String type = contentType.equals(TEXT) ? "" : contentType;
        return new OutgoingMessage(fold(to), body.clone(), type, Optional.empty(), false);
    }

    /** The same message with a limit on how long it may wait for its recipients; without: the cluster's maximum. */
    public OutgoingMessage withTtl(Duration limit) {
        return new OutgoingMessage(to, body, contentType, Optional.of(limit), sealed);
    }

    /**
     * The same message encrypted for its recipient, which must be a peer: routers see who writes to whom, when, and how much,
     * but not what. Only for a client with {@link ClientBuilder#endToEnd}.
     */
    public OutgoingMessage sealed() {
        return new OutgoingMessage(to, body, contentType, ttl, true);
    }

    /** Whether it is to be encrypted for its recipient. */
    public boolean isSealed() {
        return sealed;
    }

    /** The recipient's name, in lower case. */
    public String to() {
        return to;
    }

    /** A copy of the body. */
    public byte[] body() {
        return body.clone();
    }

    /** Bytes in the body. */
    public int size() {
        return body.length;
    }

    /** The content type; {@link #TEXT} if none was given. */
    public String contentType() {
        return contentType.isEmpty() ? TEXT : contentType;
    }

    /** How long it may wait; empty: the cluster's maximum. */
    public Optional<Duration> ttl() {
        return ttl;
    }

    /** The body itself; nobody may change it. */
    byte[] sharedBody() {
        return body;
    }

    /** The content type as given; empty for text. */
    String givenContentType() {
        return contentType;
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Without the body: bodies do not belong into logs. */
    @Override
    public String toString() {
        return "OutgoingMessage[to=" + to + ", " + body.length + " bytes]";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutgoingMessage that
                && to.equals(that.to)
                && contentType.equals(that.contentType)
                && ttl.equals(that.ttl)
                && sealed == that.sealed
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * to.hashCode() + Arrays.hashCode(body);
    }
}
