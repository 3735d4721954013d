/** Where the program's own code runs. */
@NullMarked
package io.peerlink.client.callback;

import org.jspecify.annotations.NullMarked;
