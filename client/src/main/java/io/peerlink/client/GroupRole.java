package io.peerlink.client;

/** What a member of a group may do; each may do what those before it may. */
public enum GroupRole {
    /** Only receives. */
    READER,
    /** Sends and receives; what who joins is. */
    MEMBER,
    /** Invites, removes, bans those below, makes them readers or members. */
    ADMIN,
    /** Everything, to everybody. */
    OWNER;

    /** As the public protocol has it. */
    io.peerlink.protocol.v1.GroupRole protocol() {
        return switch (this) {
            case READER -> io.peerlink.protocol.v1.GroupRole.READER;
            case MEMBER -> io.peerlink.protocol.v1.GroupRole.MEMBER;
            case ADMIN -> io.peerlink.protocol.v1.GroupRole.ADMIN;
            case OWNER -> io.peerlink.protocol.v1.GroupRole.OWNER;
        };
    }

    /** A role that this version does not know may at least what a reader may. */
    static GroupRole of(io.peerlink.protocol.v1.GroupRole role) {
        return switch (role) {
            case MEMBER -> MEMBER;
            case ADMIN -> ADMIN;
            case OWNER -> OWNER;
            case READER, GROUP_ROLE_UNSPECIFIED, UNRECOGNIZED -> READER;
        };
    }
}
