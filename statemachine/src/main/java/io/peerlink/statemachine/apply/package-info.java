/** One applier per command and per request kind: decides from the state, then changes it. */
@NullMarked
package io.peerlink.statemachine.apply;

import org.jspecify.annotations.NullMarked;
