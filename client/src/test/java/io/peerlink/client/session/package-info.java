/** Tests of {@code session} alone. */
@NullMarked
package io.peerlink.client.session;

import org.jspecify.annotations.NullMarked;
