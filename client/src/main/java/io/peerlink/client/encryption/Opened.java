package io.peerlink.client.encryption;

import com.google.protobuf.ByteString;
import io.peerlink.client.Encryption;

/**
 * A message's content, as far as it could be read.
 *
 * @param encryption whether it was sealed, or why it cannot be opened
 * @param contentType as the sender gave it; empty stands for UTF-8 text
 * @param body what the sender wrote, or the bytes as they came if it cannot be read
 * @param again whether it was delivered and opened before, at this place; of sealed messages only
 */
public record Opened(Encryption encryption, String contentType, ByteString body, boolean again) {
    /** As text; none if it cannot be read. */
    public String text() {
        return encryption.isReadable() ? body.toStringUtf8() : "";
    }
}
