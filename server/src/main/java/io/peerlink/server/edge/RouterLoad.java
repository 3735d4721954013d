package io.peerlink.server.edge;

/**
 * How busy this router is.
 *
 * @param requests that sessions sent since the start
 * @param deliveries messages and receipts pushed since the start
 * @param backlog messages and receipts that wait in all inboxes, as of some seconds ago
 * @param commitP99Micros what 99 of 100 of the latest log entries took to be on a majority of disks and applied; 0: there were none
 * @param residentBytes memory of the process; 0: not known here
 */
public record RouterLoad(long requests, long deliveries, long backlog, long commitP99Micros, long residentBytes) {}
