/**
 * The Java SDK: attach as a peer, send, receive, and learn what became of every message.
 *
 * <p>Start at {@link io.peerlink.client.PeerLinkClient}. Public signatures use JDK types only. The sub-packages are the
 * stations of a message: {@code outbox} and {@code session} on the way out, {@code inbox} on the way in.
 */
@NullMarked
package io.peerlink.client;

import org.jspecify.annotations.NullMarked;
