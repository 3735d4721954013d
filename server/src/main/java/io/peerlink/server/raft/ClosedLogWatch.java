package io.peerlink.server.raft;

import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

/**
 * Notices that Ratis closed the division, which it does on a bad log, a failed fsync or a long pause, leaving the process
 * alive. To be run from time to time, on one thread.
 */
final class ClosedLogWatch implements Runnable {
    private final Supplier<RaftServer.Division> division;
    private final RaftPeerId self;
    private final Halt halt;

    ClosedLogWatch(Supplier<RaftServer.Division> division, RaftPeerId self, Halt halt) {
        this.division = division;
        this.self = self;
        this.halt = halt;
    }

    @Override
    public void run() {
        try {
            RaftServer.Division now = division.get();
            if (!now.getInfo().isAlive()) {
                haltClosed(now);
            }
        } catch (LogUnavailableException e) {
            halt.halt(FatalFault.LOG_CLOSED, "Ratis removed the group", e);
        } catch (Throwable t) {
            // A watch that throws is not run again: nobody would notice a closed log any more.
            halt.halt(FatalFault.LOG_CLOSED, "whether the log is open cannot be told", t);
        }
    }

    private void haltClosed(RaftServer.Division closed) {
        IllegalStateException state =
                new IllegalStateException("division is " + closed.getInfo().getLifeCycleState());
        if (isRemoved(closed)) {
            halt.halt(FatalFault.NOT_WELCOME, "this router was removed from the cluster", state);
        } else {
            halt.halt(FatalFault.LOG_CLOSED, "Ratis closed the log", state);
        }
    }

    /** The last configuration that a router hears of on its way out still names it as one of the old members. */
    private boolean isRemoved(RaftServer.Division closed) {
        return closed.getRaftConf().getCurrentPeers().stream()
                .noneMatch(peer -> peer.getId().equals(self));
    }
}
