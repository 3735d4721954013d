/** The {@code peerlink} command: what all commands share. */
@NullMarked
package io.peerlink.cli;

import org.jspecify.annotations.NullMarked;
