/** Who a router is by its data: an empty disk under a known id is somebody else, and must not vote. */
@NullMarked
package io.peerlink.server.identity;

import org.jspecify.annotations.NullMarked;
