package io.peerlink.client;

import java.time.Instant;

/**
 * A member of a group.
 *
 * @param peer its name
 * @param since when it joined
 * @param role what it may do
 */
public record GroupMember(String peer, Instant since, GroupRole role) {}
