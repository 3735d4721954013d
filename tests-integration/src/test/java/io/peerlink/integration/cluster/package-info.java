/** Real routers, started from the distribution, killed and restarted. */
@NullMarked
package io.peerlink.integration.cluster;

import org.jspecify.annotations.NullMarked;
