/** What operators and their tools read over HTTP. */
@NullMarked
package io.peerlink.server.http;

import org.jspecify.annotations.NullMarked;
