/** The demo: a cluster, a conversation, a killed leader. */
@NullMarked
package io.peerlink.cli.demo;

import org.jspecify.annotations.NullMarked;
