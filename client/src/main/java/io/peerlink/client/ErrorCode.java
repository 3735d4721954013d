package io.peerlink.client;

/**
 * Why something failed. The first part mirrors the router's codes by name; the second part arises in this library.
 * Programs decide by this code; texts are for people.
 */
public enum ErrorCode {
    /** A frame did not fit the protocol; a fault of this library or of the router. */
    PROTOCOL_VIOLATION,
    /** The router does not speak this library's protocol version. */
    UNSUPPORTED_VERSION,
    /** The router did not accept the signature over its challenge. */
    BAD_SIGNATURE,
    /** The name is registered with another key. */
    WRONG_KEY,
    /** Nobody registered this name, and {@code registerIfUnknown} is off. */
    NOT_REGISTERED,
    /** The name belongs to another peer or to a group. */
    NAME_TAKEN,
    /** The router forgot this client's numbering; handled inside the library. */
    UNKNOWN_INCARNATION,
    /** Another connection took over this session. */
    SESSION_REPLACED,
    /** A query came without a valid session; the library retries these. */
    UNAUTHENTICATED,
    /** The public key is not an Ed25519 key. */
    BAD_KEY,
    /** The peer has as many sessions as it may have. */
    TOO_MANY_SESSIONS,
    /** Nobody may register at this cluster. */
    REGISTRATION_CLOSED,
    /** Only who has an invite may register; see {@link ClientBuilder#inviteCode}. */
    INVITE_NEEDED,
    /** The invite was never made, is used, expired or revoked, or is for another name. */
    INVITE_INVALID,

    /** Not a legal name: {@code [a-z0-9][a-z0-9._-]{0,63}}. */
    BAD_NAME,
    /** No peer or group has this name. */
    UNKNOWN_NAME,
    /** The group exists already. */
    GROUP_EXISTS,
    /** The name is a peer where a group is needed. */
    NOT_A_GROUP,
    /** You are not a member of the group. */
    NOT_A_MEMBER,
    /** You, or whom you would invite, are a member of the group already. */
    ALREADY_A_MEMBER,
    /** The name is a group where a peer is needed. */
    NOT_A_PEER,
    /** You are a member of as many groups as you may be. */
    TOO_MANY_GROUPS,
    /** The group has as many members as it may have. */
    GROUP_FULL,
    /** You, or whom you would invite, are banned from the group. */
    BANNED,
    /** The group is private and you were not invited. */
    NOT_INVITED,
    /** Your role in the group does not allow this. */
    ROLE_TOO_LOW,
    /** You may only read in this group. */
    READ_ONLY,
    /** The group would be left without an owner. */
    LAST_OWNER,
    /** You block as many peers as you may. */
    TOO_MANY_BLOCKED,
    /** The peer that this is about is not a member of the group. */
    PEER_NOT_A_MEMBER,
    /** As many are invited as a group may have members, or as many invitations wait for the peer as may, or as many by you. */
    TOO_MANY_INVITED,
    /** As many are banned as a group may have members. */
    TOO_MANY_BANNED,
    /** Nobody removes, bans or blocks itself, or hands a group over to itself. */
    NOT_YOURSELF,

    /** The body is larger than the cluster's limit. */
    BODY_TOO_LARGE,
    /** The content type is too long or has illegal characters. */
    BAD_CONTENT_TYPE,
    /** A request sequence was used for two different requests. */
    SEQUENCE_CONFLICT,
    /** A request sequence was skipped; handled inside the library. */
    SEQUENCE_GAP,
    /** The outcome of this request was forgotten. */
    SEQUENCE_FORGOTTEN,
    /** The time to live is out of range. */
    BAD_TTL,
    /** The router does not know this kind of request. */
    BAD_REQUEST,
    /** Too many requests without an outcome on one stream. */
    WINDOW_EXCEEDED,
    /** You send faster than a peer may, or register faster than an address may. Nothing was done; try again later. */
    RATE_LIMITED,
    /** As much waits for the recipient as may wait. Nothing was sent; send again when it has read some. */
    INBOX_FULL,

    /** The router did not take the encryption key to publish. */
    BAD_ENCRYPTION_KEY,

    /** A confirmation covered entries that do not exist. */
    CURSOR_BEYOND_HEAD,
    /** Only delivered messages can be marked read. */
    NOT_DELIVERED,
    /** A confirmation without a subscription. */
    NOT_SUBSCRIBED,

    /** No such message, or you are neither its sender nor a recipient. */
    UNKNOWN_MESSAGE,
    /** No such conversation, or you are not part of it. */
    UNKNOWN_CONVERSATION,
    /** You may not see this. */
    NOT_PERMITTED,
    /** The text is not a message id or not a conversation. */
    BAD_ID,

    /** The router is not the leader; the library moves on by itself. */
    NOT_LEADER,
    /** The router has too much work waiting. */
    OVERLOADED,
    /** The router is going down. */
    SHUTTING_DOWN,
    /** The request may or may not have been carried out. */
    OUTCOME_UNKNOWN,
    /** A fault of the router. */
    INTERNAL,
    /** Too little room on the router's disk for new messages. */
    STORAGE_LOW,

    /** No router of the cluster has this id. */
    UNKNOWN_ROUTER,
    /** The cluster has, or had, a router with this id, or has one with this address. */
    ROUTER_EXISTS,
    /** The id or an address of a router is not well-formed. */
    BAD_ROUTER,
    /** A router that is needed for an administrative change does not answer. */
    ROUTER_UNREACHABLE,
    /** An administrative change would be unsafe, or another one is under way. */
    CHANGE_REFUSED,
    /** Only an operator may do this, with a key that the router's configuration lists. */
    OPERATOR_NEEDED,

    /** No leader could be reached in time. Nothing was sent. */
    UNAVAILABLE,
    /** This client object was closed. Nothing was sent. */
    CLIENT_CLOSED,
    /** As many sends as allowed are under way. Nothing was sent. */
    WINDOW_FULL,
    /** The servers now belong to another cluster than when this client started. */
    CLUSTER_CHANGED,
    /** The recipient left the group before delivery. */
    RECIPIENT_LEFT,
    /** The message waited longer than its time to live. */
    MESSAGE_EXPIRED,
    /** A key file is missing, damaged, or readable by others. */
    BAD_IDENTITY,
    /** The calling thread was interrupted while it waited. */
    INTERRUPTED,
    /** Who answered at a router's address showed a certificate that this client does not trust. Nothing was sent. */
    UNTRUSTED_ROUTER,
    /** One side speaks TLS and the other does not. Nothing was sent. */
    TLS_MISMATCH,
    /** The recipient's identity key is not the one that is remembered. Nothing was sent; see {@code acceptKeys}. */
    PEER_KEY_CHANGED,
    /** The recipient published no key to encrypt with. Nothing was sent. */
    NO_ENCRYPTION_KEY,
    /** The recipient's key to encrypt with is not signed by the recipient. Nothing was sent. */
    FORGED_KEY,
    /** The router gave a code that this version of the library does not know. */
    UNKNOWN;

    /** Whether it says that whoever answered cannot be talked to as this client wants to. */
    public boolean isDistrust() {
        return this == UNTRUSTED_ROUTER || this == TLS_MISMATCH;
    }
}
