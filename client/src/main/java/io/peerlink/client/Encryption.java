package io.peerlink.client;

/** How a message stands to end-to-end encryption: whether routers could read it, and whether it is its sender's. */
public enum Encryption {
    /** It came in plain text: routers could read it, and could have written it. */
    NONE,
    /** Sealed for this peer, and signed with the key that is remembered of its sender (or was seen for the first time). */
    VERIFIED,
    /** As VERIFIED, but in a history, and signed with a key of the sender's from before the user accepted another. */
    FORMER_KEY,
    /** Signed with another key than is remembered of the sender. Not opened; accept the key, then read it in the history. */
    KEY_CHANGED,
    /** Not signed by its sender, or made for another place: another recipient, conversation or cluster. Not opened. */
    FORGED,
    /** Genuine, but seen before at another place in the conversation: somebody delivers it again. Not opened. */
    REPLAYED,
    /** Sealed for a key that this client does not have. */
    NO_KEY,
    /** No sealed message that this version understands. */
    UNREADABLE,
    /** Sealed, and this client does not open such: end-to-end encryption is off, or its files cannot be read or written. */
    NOT_OPENED;

    /** Whether the body is what the sender wrote; otherwise it is the bytes as they came. */
    public boolean isReadable() {
        return this == NONE || this == VERIFIED || this == FORMER_KEY;
    }
}
