/** One-shot commands, one class each. */
@NullMarked
package io.peerlink.cli.command;

import org.jspecify.annotations.NullMarked;
