package io.peerlink.server.raft;

/** Ends the process; see {@link FatalFault#halt}. */
@FunctionalInterface
interface Halt {
    void halt(FatalFault fault, String reason, Throwable cause);
}
