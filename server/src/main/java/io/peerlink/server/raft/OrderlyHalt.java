package io.peerlink.server.raft;

/** Halts, until the router is being stopped: what fails from then on was cut short by that. Thread-safe. */
final class OrderlyHalt implements Halt {
    private final Halt halt;
    private volatile boolean stopping;

    OrderlyHalt(Halt halt) {
        this.halt = halt;
    }

    /** From now on nothing halts. */
    void stop() {
        stopping = true;
    }

    @Override
    public void halt(FatalFault fault, String reason, Throwable cause) {
        if (!stopping) {
            halt.halt(fault, reason, cause);
        }
    }
}
