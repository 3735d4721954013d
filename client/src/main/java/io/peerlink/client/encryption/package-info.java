/** End-to-end encryption of direct messages ({@code sealed.proto}). Tink lives here. No network. */
@NullMarked
package io.peerlink.client.encryption;

import org.jspecify.annotations.NullMarked;
