/** The SDK against scripted routers over real sockets. */
@NullMarked
package io.peerlink.client;

import org.jspecify.annotations.NullMarked;
