package io.peerlink.server.raft;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Crash-only stop: a router that cannot follow the log must not live on as a zombie. Restarting it is the supervisor's
 * work; everything acknowledged is in the log. Each kind has an exit status of its own, for scripts. (A JVM out of memory
 * ends with 3 by itself.)
 */
public enum FatalFault {
    /** The cluster does not know this router, does not know it any more, or knows another one by its id. */
    NOT_WELCOME(4),
    /** An entry cannot be applied: a fault of the state's disk, of this version, or a newer version's command. */
    CANNOT_APPLY(70),
    /** Ratis closed the log for a reason of its own, such as a pause of a minute. */
    LOG_CLOSED(71),
    /** The log cannot be written: a failed fsync or a full disk. Never retried: the kernel may have dropped the data. */
    LOG_NOT_WRITTEN(72),
    /** The state differs from what a majority of routers have. A restart alone does not cure it. */
    DIVERGED(73);

    private static final Logger LOGGER = LoggerFactory.getLogger(FatalFault.class);

    private final int exitStatus;

    FatalFault(int exitStatus) {
        this.exitStatus = exitStatus;
    }

    /** Logs the reason as the last line and halts the JVM at once, without shutdown hooks. */
    public void halt(String reason, Throwable cause) {
        LOGGER.error("router halts", cause);
        LOGGER.error("router halts with exit status {} ({}): {}", exitStatus, name(), reason);
        Runtime.getRuntime().halt(exitStatus);
    }
}
