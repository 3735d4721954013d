package io.peerlink.integration.torture.history;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.Receipt;
import java.util.List;

/** Numbers for what the client library tells by name. Good for the files of one build. */
public final class Codes {
    private static final List<ErrorCode> ERRORS = List.of(ErrorCode.values());
    private static final List<Receipt.Kind> RECEIPTS = List.of(Receipt.Kind.values());

    private Codes() {}

    public static int of(ErrorCode code) {
        return ERRORS.indexOf(code);
    }

    public static ErrorCode error(int code) {
        return ERRORS.get(code);
    }

    public static int of(Receipt.Kind kind) {
        return RECEIPTS.indexOf(kind);
    }

    public static Receipt.Kind receipt(int code) {
        return RECEIPTS.get(code);
    }
}
