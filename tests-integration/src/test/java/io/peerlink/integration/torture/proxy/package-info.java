/** A TCP proxy that stands where a router is known, and does to connections what networks do: delay, half-close, silence, reorder, reset. */
@NullMarked
package io.peerlink.integration.torture.proxy;

import org.jspecify.annotations.NullMarked;
