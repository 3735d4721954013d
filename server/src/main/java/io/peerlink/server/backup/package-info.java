/** Copies of a router's state: kept still while they are sent, and made into a new cluster's beginning. */
@NullMarked
package io.peerlink.server.backup;

import org.jspecify.annotations.NullMarked;
