/** Routers as child processes of the command line. */
@NullMarked
package io.peerlink.cli.local;

import org.jspecify.annotations.NullMarked;
