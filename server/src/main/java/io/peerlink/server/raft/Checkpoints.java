package io.peerlink.server.raft;

/** What a router holds of its state on disk. Any thread. */
interface Checkpoints {
    /** The next checkpoint that is begun holds all that is applied now. Returns the index of the last entry of that. */
    long demand();

    /** Index of the newest finished checkpoint; 0 if there is none. */
    long newestIndex();
}
