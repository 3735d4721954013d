package io.peerlink.server.audit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A line of the audit log.
 *
 * @param time when it was written, ISO 8601
 * @param operator whose key proved the call; "loopback" where none was needed, "router" where the router tells of itself
 * @param call the method
 * @param what the request, as text
 * @param result "asked" before it is carried out; then "done", or the code of the refusal
 * @param previous SHA-256 of the line before, without its end; empty on the very first
 */
record AuditLine(String time, String operator, String call, String what, String result, String previous) {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /** As it stands in the file, without the line's end. */
    String text() {
        return GSON.toJson(this);
    }

    /** Empty if a text is no such line. */
    static Optional<AuditLine> parse(String text) {
        try {
            return Optional.ofNullable(GSON.fromJson(text, AuditLine.class)).filter(line -> line.previous() != null);
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }

    /** What the line behind a text must have as its {@link #previous}. */
    static String previousOf(String before) {
        if (before.isEmpty()) {
            return "";
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(before.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
