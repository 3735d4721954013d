/** The replicated log. The only package that sees Apache Ratis. */
@NullMarked
package io.peerlink.server.raft;

import org.jspecify.annotations.NullMarked;
