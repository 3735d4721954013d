package io.peerlink.integration.torture.history;

/** What a request asks for. Append only: the number is in the files. */
public enum Op {
    /** No request. */
    NONE,
    SEND,
    CREATE,
    JOIN,
    LEAVE,
    READ,
    /** Something that must be refused. */
    ATTACK;

    @SuppressWarnings("EnumOrdinal") // what the number is for is said above
    int number() {
        return ordinal();
    }
}
