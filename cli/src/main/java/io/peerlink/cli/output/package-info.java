/** What the commands print: plain lines, tables, JSON, and text made safe for terminals. */
@NullMarked
package io.peerlink.cli.output;

import org.jspecify.annotations.NullMarked;
