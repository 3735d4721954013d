/** The shell: one peer's live session, at a terminal or driven through a pipe. */
@NullMarked
package io.peerlink.cli.shell;

import org.jspecify.annotations.NullMarked;
