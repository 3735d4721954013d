package io.peerlink.client;

import java.time.Instant;

/**
 * SENT: the message is on the disks of a majority of routers.
 *
 * @param id its name for status, history and receipts
 * @param sentAt the leader's time stamp, to the millisecond
 * @param recipients how many peers it is for; 0 for a group without other members
 */
public record SendReceipt(MessageId id, Instant sentAt, int recipients) {}
