package io.peerlink.client;

import java.time.Instant;

/**
 * A group was created, joined, left or changed.
 *
 * @param group the group's name in lower case
 * @param at the leader's time stamp
 */
public record GroupChange(String group, Instant at) {}
