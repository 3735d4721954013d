/** Tests of {@code admin} alone. */
@NullMarked
package io.peerlink.client.admin;

import org.jspecify.annotations.NullMarked;
