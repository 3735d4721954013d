/** The way in: drop repeats, call the handler in order, confirm as a cursor, remember receipts. No network here. */
@NullMarked
package io.peerlink.client.inbox;

import org.jspecify.annotations.NullMarked;
