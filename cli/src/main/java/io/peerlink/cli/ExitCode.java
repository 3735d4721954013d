package io.peerlink.cli;

import io.peerlink.client.ErrorCode;

/** Exit codes of every command; scripts rely on them. */
public enum ExitCode {
    OK(0),
    FAILED(1),
    USAGE(2),
    NOT_FOUND(3),
    CONFLICT(4),
    UNAVAILABLE(5),
    UNKNOWN_OUTCOME(6),
    NOT_AUTHORISED(7);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The exit code for a refusal. */
    public static ExitCode of(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_NAME,
                    UNKNOWN_MESSAGE,
                    UNKNOWN_CONVERSATION,
                    NOT_REGISTERED,
                    UNKNOWN_ROUTER,
                    NO_ENCRYPTION_KEY,
                    PEER_NOT_A_MEMBER -> NOT_FOUND;
            case NAME_TAKEN,
                    GROUP_EXISTS,
                    ALREADY_A_MEMBER,
                    SEQUENCE_CONFLICT,
                    ROUTER_EXISTS,
                    CHANGE_REFUSED,
                    TOO_MANY_GROUPS,
                    GROUP_FULL,
                    LAST_OWNER,
                    TOO_MANY_BLOCKED,
                    TOO_MANY_INVITED,
                    TOO_MANY_BANNED -> CONFLICT;
            case UNAVAILABLE,
                    NOT_LEADER,
                    OVERLOADED,
                    SHUTTING_DOWN,
                    STORAGE_LOW,
                    ROUTER_UNREACHABLE,
                    RATE_LIMITED,
                    INBOX_FULL,
                    TOO_MANY_SESSIONS -> UNAVAILABLE;
            case OUTCOME_UNKNOWN -> UNKNOWN_OUTCOME;
            case WRONG_KEY,
                    BAD_SIGNATURE,
                    UNAUTHENTICATED,
                    NOT_PERMITTED,
                    NOT_A_MEMBER,
                    BAD_IDENTITY,
                    BAD_KEY,
                    PEER_KEY_CHANGED,
                    FORGED_KEY,
                    UNTRUSTED_ROUTER,
                    REGISTRATION_CLOSED,
                    INVITE_NEEDED,
                    INVITE_INVALID,
                    BANNED,
                    NOT_INVITED,
                    ROLE_TOO_LOW,
                    READ_ONLY,
                    OPERATOR_NEEDED -> NOT_AUTHORISED;
            case BAD_NAME, BAD_ID, BAD_TTL, BAD_CONTENT_TYPE, BODY_TOO_LARGE, NOT_YOURSELF, BAD_ROUTER, TLS_MISMATCH ->
                USAGE;
            default -> FAILED;
        };
    }
}
