/** Checkpoints: finished, verifiable copies of the tables at one log position. */
@NullMarked
package io.peerlink.statemachine.snapshot;

import org.jspecify.annotations.NullMarked;
