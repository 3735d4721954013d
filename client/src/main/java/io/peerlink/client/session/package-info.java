/**
 * One peer's session across connections: finding the leader, attaching, and what flows while attached. The only package beside
 * {@code admin} that knows gRPC.
 */
@NullMarked
package io.peerlink.client.session;

import org.jspecify.annotations.NullMarked;
