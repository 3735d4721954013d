/** The client edge: gRPC streams and calls, who may speak, what their frames mean. The only package of the router that sees gRPC. */
@NullMarked
package io.peerlink.server.edge;

import org.jspecify.annotations.NullMarked;
