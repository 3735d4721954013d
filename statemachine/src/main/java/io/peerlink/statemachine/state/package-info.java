/** The stored state by subject: what rows there are, under which keys, and the rules for reading and changing them. */
@NullMarked
package io.peerlink.statemachine.state;

import org.jspecify.annotations.NullMarked;
