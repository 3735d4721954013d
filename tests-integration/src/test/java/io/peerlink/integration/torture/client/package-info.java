/** A client process of a torture run: many peers that send, receive, join, leave, read, go away and attack, and write down what happens. */
@NullMarked
package io.peerlink.integration.torture.client;

import org.jspecify.annotations.NullMarked;
