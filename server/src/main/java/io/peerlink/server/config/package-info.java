/** Configuration: HOCON in, validated records out, every problem named with its origin. */
@NullMarked
package io.peerlink.server.config;

import org.jspecify.annotations.NullMarked;
