package io.peerlink.integration.torture.history;

/** What a record says. Append only: the number is in the files, and 0 means that nothing was written. */
public enum Kind {
    /** End of a file. */
    NOTHING,
    /**
     * A request is about to be made: {@code number} names it within (peer, life). A send that may expire within the run has in
     * {@code extra} the nanoseconds until then.
     */
    INVOKE,
    /** It was accepted; for a send {@code place} is its sequence in the conversation. */
    OK,
    /** It was definitely refused; {@code code} says why. */
    FAIL,
    /** It may or may not have happened. */
    UNKNOWN,
    /** A message was given to the application: {@code other/extra/number} is its sender's name for it. */
    PRESENT,
    /** The application is about to confirm inbox sequence {@code number}. */
    ACK,
    /** A receipt came: {@code code} its kind, {@code other} the recipient, {@code place..number} the messages. */
    RECEIPT,
    /**
     * A session began: {@code code} 1 if it registered the name, {@code other} the router, {@code extra} the term, {@code hash}
     * the incarnation.
     */
    ATTACHED,
    /** The search for a leader began. */
    CONNECTING,
    /** A message found in a conversation's stored history after the run. */
    STORED,
    /** Everything of this peer is settled and its cursor is at the head. */
    QUIET,
    /** A router's state after the run: {@code other} the router, {@code hash} the digest, {@code number} its index. */
    DIGEST,
    /** A fault was injected: {@code code} its place in the catalogue. */
    FAULT,
    /** The fault really happened. */
    VERIFIED,
    /** It was healed. */
    HEAL,
    /** A client process was killed: what it had outstanding will never have an outcome. */
    CLIENT_GONE,
    /** A router did not run any more at the end of the run: {@code other} the router, {@code code} its exit status. */
    ENDED;

    @SuppressWarnings("EnumOrdinal") // what the number is for is said above
    int number() {
        return ordinal();
    }
}
