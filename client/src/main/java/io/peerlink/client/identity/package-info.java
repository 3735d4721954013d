/** Who a client is: a name and an Ed25519 key, kept in a file that only its owner can read. */
@NullMarked
package io.peerlink.client.identity;

import org.jspecify.annotations.NullMarked;
