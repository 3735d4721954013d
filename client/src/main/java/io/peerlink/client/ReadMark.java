package io.peerlink.client;

import java.time.Instant;

/**
 * A conversation was marked read; the senders are told.
 *
 * @param conversation the conversation
 * @param at the leader's time stamp
 */
public record ReadMark(String conversation, Instant at) {}
