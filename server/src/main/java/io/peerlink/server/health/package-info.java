/** Whether a router is fit to play its part. */
@NullMarked
package io.peerlink.server.health;

import org.jspecify.annotations.NullMarked;
