package io.peerlink.server.raft;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Crash-only stop: a router that cannot follow the log must not live on as a zombie. Restarting it is the supervisor's
 * work; everything acknowledged is in the log.
 */
public final class FatalFault {
    /** Exit status of a process that stopped itself because going on could make it diverge. */
    public static final int EXIT_STATUS = 70;

    private static final Logger LOGGER = LoggerFactory.getLogger(FatalFault.class);

    private FatalFault() {}

    /** Logs the reason as the last line and halts the JVM at once, without shutdown hooks. */
    public static void halt(String reason, Throwable cause) {
        LOGGER.error("router halts: {}", reason, cause);
        Runtime.getRuntime().halt(EXIT_STATUS);
    }
}
