/** Pushes inboxes to online peers, and the leader's periodic tick. */
@NullMarked
package io.peerlink.server.dispatch;

import org.jspecify.annotations.NullMarked;
