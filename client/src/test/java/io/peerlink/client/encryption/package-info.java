/** Tests of sealing and opening. */
@NullMarked
package io.peerlink.client.encryption;

import org.jspecify.annotations.NullMarked;
