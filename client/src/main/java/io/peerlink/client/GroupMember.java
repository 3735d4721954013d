package io.peerlink.client;

import java.time.Instant;

/**
 * A member of a group.
 *
 * @param peer its name
 * @param since when it joined
 */
public record GroupMember(String peer, Instant since) {}
