/** Gathers commands of all sessions into log entries. */
@NullMarked
package io.peerlink.server.submit;

import org.jspecify.annotations.NullMarked;
