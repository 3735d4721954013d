/** Measuring a cluster: {@code peerlink bench}. */
@NullMarked
package io.peerlink.cli.bench;

import org.jspecify.annotations.NullMarked;
