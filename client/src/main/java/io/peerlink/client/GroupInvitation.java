package io.peerlink.client;

import java.time.Instant;

/**
 * A group that this peer may join and has not. Leaving it declines.
 *
 * @param group its name
 * @param by who invited
 * @param at when
 */
public record GroupInvitation(String group, String by, Instant at) {}
