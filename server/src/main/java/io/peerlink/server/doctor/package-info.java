/** Whether a router can start and run well here; {@code peerlink-server doctor}. */
@NullMarked
package io.peerlink.server.doctor;

import org.jspecify.annotations.NullMarked;
