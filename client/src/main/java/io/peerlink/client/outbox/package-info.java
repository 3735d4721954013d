/** The way out: requests get their sequence here and are kept until their outcome came. No network here. */
@NullMarked
package io.peerlink.client.outbox;

import org.jspecify.annotations.NullMarked;
