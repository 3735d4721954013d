package io.peerlink.client.admin;

import com.google.protobuf.ByteString;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A new code, and until when it is good. Whoever has it may use it, so it is shown to nobody else.
 *
 * @param code to be given to {@link io.peerlink.client.ClientBuilder#inviteCode}
 */
public record InviteCode(String code, Instant expiresAt) {
    /** For tools that look for leaked secrets. */
    private static final String PREFIX = "plinv_";

    private static final int RANDOM_BYTES = 20;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** A code that nobody can guess. */
    static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + HexFormat.of().formatHex(bytes);
    }

    /** By which routers know a code. */
    static ByteString hash(String code) {
        return ByteString.copyFrom(OperatorProofs.sha256(code.getBytes(StandardCharsets.UTF_8)));
    }

    static ByteString hashOrHash(String codeOrHash) {
        if (HASH.matcher(codeOrHash).matches()) {
            return ByteString.copyFrom(HexFormat.of().parseHex(codeOrHash));
        }
        if (codeOrHash.startsWith(PREFIX)) {
            return hash(codeOrHash);
        }
        throw new PeerLinkException(
                ErrorCode.BAD_ID,
                "neither a code (" + PREFIX + "...) nor the SHA-256 of one in hex",
                "peerlink admin invites lists them",
                false);
    }

    /** Without the code. */
    @Override
    public String toString() {
        return "InviteCode[until " + expiresAt + "]";
    }
}
