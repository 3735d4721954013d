package io.peerlink.server.edge;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.server.raft.LogUnavailableException;
import io.peerlink.server.raft.MembershipOutcome;
import io.peerlink.server.raft.NotLeaderException;
import io.peerlink.statemachine.Rejection;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** The edge's one table of refusals: what the router found, told in the public protocol's words. */
final class ErrorMapper {
    private static final String DOMAIN = "peerlink";

    private ErrorMapper() {}

    /** A rejection's code has its name. */
    static Error error(Rejection rejection) {
        return error(ErrorCode.valueOf(rejection.name()), message(rejection), hint(rejection));
    }

    private static String message(Rejection rejection) {
        return switch (rejection) {
            case NAME_TAKEN -> "the name belongs to someone else";
            case UNKNOWN_NAME -> "no peer or group has this name";
            case NOT_REGISTERED -> "nobody registered this name";
            case WRONG_KEY -> "the name is registered with another key, or an operator locked it";
            case UNKNOWN_INCARNATION -> "this incarnation is not known any more";
            case GROUP_EXISTS -> "the group exists already";
            case NOT_A_GROUP -> "the name is a peer, not a group";
            case NOT_A_MEMBER -> "you are not a member of the group";
            case ALREADY_A_MEMBER -> "a member of the group already";
            case SEQUENCE_CONFLICT -> "the sequence was used for a different request";
            case SEQUENCE_GAP -> "a sequence before this one is missing";
            case SEQUENCE_FORGOTTEN -> "the sequence is below your lowest unsettled one";
            case CURSOR_BEYOND_HEAD -> "the cursor would confirm entries that do not exist";
            case NOT_DELIVERED -> "not delivered to you yet";
            case UNKNOWN_CONVERSATION -> "no such conversation of yours";
            case BAD_NAME -> "not a legal name";
            case BODY_TOO_LARGE -> "the body is larger than this cluster allows";
            case BAD_CONTENT_TYPE -> "the content type is too long or not plain ASCII";
            case BAD_TTL -> "the time to live is below 1 s or above the cluster's maximum";
            case BAD_REQUEST -> "the request is empty or of an unknown kind";
            case STORAGE_LOW -> "too little room is left on the router's disk for new messages";
            case RATE_LIMITED -> "you send, or cause deliveries, faster than a peer may here";
            case TOO_MANY_GROUPS -> "you are a member of as many groups as a peer may be";
            case GROUP_FULL -> "the group has as many members as a group may have";
            case REGISTRATION_CLOSED -> "nobody may register here";
            case INVITE_NEEDED -> "only who has an invite may register here";
            case INVITE_INVALID -> "no such invite: used, expired, revoked, for another name, or never made";
            case BANNED -> "banned from the group";
            case NOT_INVITED -> "the group is private and you were not invited";
            case ROLE_TOO_LOW -> "your role in the group does not allow this";
            case READ_ONLY -> "you may only read in this group";
            case LAST_OWNER -> "the group would be left without an owner";
            case TOO_MANY_BLOCKED -> "you block as many peers as a peer may";
            case NOT_A_PEER -> "the name is a group, not a peer";
            case PEER_NOT_A_MEMBER -> "that peer is not a member of the group";
            case TOO_MANY_INVITED -> "as many are invited as may be, or wait for that peer, or of yours";
            case TOO_MANY_BANNED -> "as many are banned as may be";
            case NOT_YOURSELF -> "nobody does this to itself";
            case INBOX_FULL -> "as many messages wait for the recipient as may wait for a peer";
            case BAD_ENCRYPTION_KEY -> "the encryption key or its signature is empty or too long";
        };
    }

    private static String hint(Rejection rejection) {
        return switch (rejection) {
            case NAME_TAKEN -> "choose another name";
            case UNKNOWN_NAME -> "check the spelling; names are registered";
            case NOT_REGISTERED -> "register it first";
            case WRONG_KEY ->
                "use the key it was registered with, or choose another name; if it was locked:"
                        + " peerlink register NAME --new-key --invite CODE";
            case UNKNOWN_INCARNATION -> "attach again without resuming";
            case GROUP_EXISTS -> "join it instead";
            case NOT_A_MEMBER -> "join it first";
            case SEQUENCE_CONFLICT -> "use the next one";
            case SEQUENCE_GAP -> "resend from the hole";
            case CURSOR_BEYOND_HEAD -> "confirm what was delivered";
            case NOT_DELIVERED -> "confirm with CursorAck before MarkRead";
            case BAD_NAME -> "1 to 64 characters a-z 0-9 . _ -, the first a letter or digit";
            case BODY_TOO_LARGE -> "send a reference instead";
            case STORAGE_LOW -> "try again when the operator has made room";
            case RATE_LIMITED -> "send more slowly, in smaller windows, or to smaller groups";
            case TOO_MANY_GROUPS -> "leave one first";
            case GROUP_FULL -> "use another one";
            case INBOX_FULL -> "send again when it has read some";
            case REGISTRATION_CLOSED -> "ask an operator of this cluster";
            case INVITE_NEEDED -> "ask an operator for a code, then give it: peerlink register NAME --invite CODE";
            case INVITE_INVALID -> "ask an operator for a new code";
            case BANNED -> "an owner or admin of the group can unban";
            case NOT_INVITED -> "ask an owner or admin of the group for an invitation";
            case ROLE_TOO_LOW -> "ask an owner of the group";
            case READ_ONLY -> "ask an owner or admin of the group to make you a member";
            case LAST_OWNER -> "make another member owner first, or delete the group";
            case TOO_MANY_BLOCKED -> "unblock one first";
            case TOO_MANY_INVITED -> "take one back first, or ask that peer to answer others";
            case TOO_MANY_BANNED -> "unban one first";
            case NOT_YOURSELF -> "name another peer; to go yourself: peerlink group leave GROUP";
            case NOT_A_PEER -> "name a peer; messages to groups are not encrypted end to end";
            case PEER_NOT_A_MEMBER -> "peerlink group members GROUP lists them";
            case NOT_A_GROUP,
                    ALREADY_A_MEMBER,
                    SEQUENCE_FORGOTTEN,
                    UNKNOWN_CONVERSATION,
                    BAD_CONTENT_TYPE,
                    BAD_TTL,
                    BAD_REQUEST,
                    BAD_ENCRYPTION_KEY -> "";
        };
    }

    /** Of an attach. */
    static Error error(AttachLimit beyond) {
        return switch (beyond) {
            case REGISTRATIONS ->
                error(
                        ErrorCode.RATE_LIMITED,
                        "your address brings too many new names, or wrong keys",
                        "try again later");
            case SESSIONS ->
                error(
                        ErrorCode.RATE_LIMITED,
                        "you open sessions faster than a peer may here",
                        "keep a session open rather than open one for each request");
        };
    }

    static Error error(ErrorCode code, String message, String hint) {
        return Error.newBuilder()
                .setCode(code)
                .setMessage(message)
                .setHint(hint)
                .setRetryable(isRetryable(code))
                .build();
    }

    static Error notLeader(Optional<String> leaderAddress) {
        return error(
                        ErrorCode.NOT_LEADER,
                        leaderAddress.map(address -> "the leader is " + address).orElse("no leader is known here now"),
                        leaderAddress.isPresent() ? "connect there" : "try the other routers, or again in a moment")
                .toBuilder()
                .setLeaderAddress(leaderAddress.orElse(""))
                .build();
    }

    /** The router that a finished administrative request is about; anything else becomes the call's status. */
    static String requireDone(MembershipOutcome outcome) {
        if (outcome instanceof MembershipOutcome.Done done) {
            return done.routerId();
        }
        if (outcome instanceof MembershipOutcome.NotLeader elsewhere) {
            throw exception(notLeader(elsewhere.leaderAddress()));
        }
        if (outcome instanceof MembershipOutcome.Refused refused) {
            throw exception(error(refused));
        }
        MembershipOutcome.Unknown unknown = (MembershipOutcome.Unknown) outcome;
        throw exception(
                error(ErrorCode.OUTCOME_UNKNOWN, unknown.detail(), "look at peerlink cluster members, then try again"));
    }

    private static Error error(MembershipOutcome.Refused refused) {
        String detail = refused.detail();
        return switch (refused.reason()) {
            case UNKNOWN_ROUTER -> error(ErrorCode.UNKNOWN_ROUTER, detail, "peerlink cluster members lists them");
            case ROUTER_EXISTS -> error(ErrorCode.ROUTER_EXISTS, detail, "give another id and other addresses");
            case NO_MAJORITY ->
                error(ErrorCode.CHANGE_REFUSED, detail, "bring another router up first, or replace one");
            case BUSY -> error(ErrorCode.CHANGE_REFUSED, detail, "try again in a moment");
            case NO_PROGRESS ->
                error(ErrorCode.ROUTER_UNREACHABLE, detail, "is it running, and its raft address reachable from here?");
        };
    }

    private static boolean isRetryable(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED,
                    NOT_LEADER,
                    OVERLOADED,
                    SHUTTING_DOWN,
                    OUTCOME_UNKNOWN,
                    STORAGE_LOW,
                    SEQUENCE_GAP,
                    RATE_LIMITED,
                    INBOX_FULL,
                    TOO_MANY_SESSIONS -> true;
            default -> false;
        };
    }

    /** A refusal of a unary call. */
    static StatusRuntimeException exception(Error error) {
        ErrorInfo info = ErrorInfo.newBuilder()
                .setReason(error.getCode().name())
                .setDomain(DOMAIN)
                .putMetadata("hint", error.getHint())
                .putMetadata("retryable", String.valueOf(error.getRetryable()))
                .putMetadata("leader_address", error.getLeaderAddress())
                .build();
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(statusCode(error.getCode()).getNumber())
                .setMessage(error.getCode().name() + ": " + error.getMessage())
                .addDetails(Any.pack(info))
                .build());
    }

    /** A failure of a unary call, whatever it is. */
    static StatusRuntimeException exception(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StatusRuntimeException already) {
            return already;
        }
        if (cause instanceof NotLeaderException notLeader) {
            return exception(notLeader(notLeader.leaderAddress()));
        }
        if (cause instanceof RejectedExecutionException) {
            return exception(error(ErrorCode.OVERLOADED, "too many questions wait here", "try again"));
        }
        if (cause instanceof LogUnavailableException) {
            return exception(error(ErrorCode.SHUTTING_DOWN, String.valueOf(cause.getMessage()), "try again"));
        }
        return exception(error(ErrorCode.INTERNAL, "the router failed; its log tells more", ""));
    }

    /** Whether it was refused, rather than that something went wrong. */
    static boolean isRefusal(Throwable failure) {
        return exception(failure).getStatus().getCode() != io.grpc.Status.Code.INTERNAL;
    }

    /** The code by which a failed unary call is known to its caller. */
    static String codeOf(Throwable failure) {
        String description = exception(failure).getStatus().getDescription();
        return description == null ? ErrorCode.INTERNAL.name() : description.split(":", 2)[0];
    }

    private static Code statusCode(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED, OPERATOR_NEEDED, BAD_SIGNATURE -> Code.UNAUTHENTICATED;
            case NOT_PERMITTED, NOT_A_MEMBER, WRONG_KEY -> Code.PERMISSION_DENIED;
            case UNKNOWN_MESSAGE, UNKNOWN_CONVERSATION, UNKNOWN_NAME, UNKNOWN_ROUTER -> Code.NOT_FOUND;
            case NOT_LEADER, SHUTTING_DOWN, ROUTER_UNREACHABLE -> Code.UNAVAILABLE;
            case ROUTER_EXISTS, NAME_TAKEN -> Code.ALREADY_EXISTS;
            case CHANGE_REFUSED -> Code.FAILED_PRECONDITION;
            case OUTCOME_UNKNOWN -> Code.ABORTED;
            case OVERLOADED, STORAGE_LOW -> Code.RESOURCE_EXHAUSTED;
            case INTERNAL -> Code.INTERNAL;
            default -> Code.INVALID_ARGUMENT;
        };
    }
}
