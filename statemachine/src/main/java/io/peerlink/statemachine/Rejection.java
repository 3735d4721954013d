package io.peerlink.statemachine;

import java.util.Optional;

/**
 * Why a command was refused. A refusal is data: it is decided the same way on every router, changes nothing (except that a
 * refused request uses up its client sequence, {@link #SEQUENCE_GAP} and the other sequence codes apart) and stands in the
 * stored outcomes by its permanent number.
 */
public enum Rejection {
    /** The name belongs to a group, or to a peer with another key. */
    NAME_TAKEN(1),
    /** No such peer or group. */
    UNKNOWN_NAME(2),
    /** The session's peer was never registered. */
    NOT_REGISTERED(3),
    /** The peer is registered with another key. */
    WRONG_KEY(4),
    /** No such incarnation of this peer, or it was forgotten. */
    UNKNOWN_INCARNATION(5),
    GROUP_EXISTS(6),
    /** The name is a peer's. */
    NOT_A_GROUP(7),
    NOT_A_MEMBER(8),
    /** Who asks, or whom it would invite. */
    ALREADY_A_MEMBER(9),
    /** The sequence was used for another request. */
    SEQUENCE_CONFLICT(10),
    /** A sequence before this one is missing. Does not use up the sequence. */
    SEQUENCE_GAP(11),
    /** The sequence is below the session's lowest unsettled one. */
    SEQUENCE_FORGOTTEN(12),
    /** The cursor would confirm entries that do not exist. */
    CURSOR_BEYOND_HEAD(13),
    /** A read mark beyond what was delivered. */
    NOT_DELIVERED(14),
    /** No such conversation, or the peer is not part of it. */
    UNKNOWN_CONVERSATION(15),
    /** Refused by the edge for form: not a legal name. */
    BAD_NAME(16),
    /** Refused by the edge for form: body above the limit. */
    BODY_TOO_LARGE(17),
    /** Refused by the edge for form. */
    BAD_CONTENT_TYPE(18),
    /** Refused by the edge for form. */
    BAD_TTL(19),
    /** Refused by the edge for form: empty or unknown request. */
    BAD_REQUEST(20),
    /** Refused by the edge: too little room is left on the leader's disk. */
    STORAGE_LOW(21),
    /** Refused by the edge: the peer sends, or causes deliveries, faster than it may. */
    RATE_LIMITED(22),
    /** The peer is a member of as many groups as it may be. */
    TOO_MANY_GROUPS(23),
    /** The group has as many members as it may have. */
    GROUP_FULL(24),
    /** As much waits for the recipient as may wait. */
    INBOX_FULL(25),
    /** Nobody may register. */
    REGISTRATION_CLOSED(26),
    /** Only who has an invite may register. */
    INVITE_NEEDED(27),
    /** No such invite: never made, used, expired, revoked, or for another name. */
    INVITE_INVALID(28),
    /** The peer is banned from the group. */
    BANNED(29),
    /** The group is private and the peer was not invited. */
    NOT_INVITED(30),
    /** The peer's role in the group does not allow it. */
    ROLE_TOO_LOW(31),
    /** The peer may only read in this group. */
    READ_ONLY(32),
    /** The group would be left without an owner. */
    LAST_OWNER(33),
    /** The peer blocks as many as it may. */
    TOO_MANY_BLOCKED(34),
    /** The name is a group's where a peer is needed. */
    NOT_A_PEER(35),
    /** The other peer, whom the request is about, is not a member. */
    PEER_NOT_A_MEMBER(36),
    /** As many are invited to the group, or invitations wait for the peer, as may be. */
    TOO_MANY_INVITED(37),
    /** As many are banned from the group as may be. */
    TOO_MANY_BANNED(38),
    /** What nobody does to itself: remove, ban, block, hand a group over. */
    NOT_YOURSELF(39),
    /** Refused by the edge for form: an encryption key or signature that is empty or too long. */
    BAD_ENCRYPTION_KEY(50);

    private final int number;

    Rejection(int number) {
        this.number = number;
    }

    /** The permanent number, as stored. */
    public int number() {
        return number;
    }

    /** The rejection with this number, if this version knows it. */
    public static Optional<Rejection> of(int number) {
        for (Rejection rejection : values()) {
            if (rejection.number == number) {
                return Optional.of(rejection);
            }
        }
        return Optional.empty();
    }
}
