/**
 * The real client library, the real edge and the real state machine over a modelled log, network, clock and scheduler, on one thread:
 * a seed decides everything, and gives the same run again.
 */
@NullMarked
package io.peerlink.integration.simulation;

import org.jspecify.annotations.NullMarked;
