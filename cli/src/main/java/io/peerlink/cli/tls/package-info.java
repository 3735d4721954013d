/** A cluster's authorities and the certificates that they give to routers. */
@NullMarked
package io.peerlink.cli.tls;

import org.jspecify.annotations.NullMarked;
