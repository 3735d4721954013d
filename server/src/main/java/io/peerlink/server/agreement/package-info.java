/** Whether all routers hold the same state. */
@NullMarked
package io.peerlink.server.agreement;

import org.jspecify.annotations.NullMarked;
