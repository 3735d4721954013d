/**
 * The replicated state machine: commands in, outcomes and effects out, everything in RocksDB. Pure: the same commands give
 * the same tables on every router, so there is no clock, randomness, thread or environment in here; time comes in with the
 * batch. {@link io.peerlink.statemachine.StateMachine} is the way in for writes,
 * {@link io.peerlink.statemachine.StateView} for reads.
 */
@NullMarked
package io.peerlink.statemachine;

import org.jspecify.annotations.NullMarked;
