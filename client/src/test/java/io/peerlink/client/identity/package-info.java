/** Tests of {@code identity} alone. */
@NullMarked
package io.peerlink.client.identity;

import org.jspecify.annotations.NullMarked;
