/**
 * The router. A message passes {@code edge}, {@code submit} and {@code raft} on its way into the log, the state machine
 * applies it, {@code dispatch} pushes it to whoever is online.
 */
@NullMarked
package io.peerlink.server;

import org.jspecify.annotations.NullMarked;
