/** Tests of {@code outbox} alone. */
@NullMarked
package io.peerlink.client.outbox;

import org.jspecify.annotations.NullMarked;
