/** Tests of the store package. */
@NullMarked
package io.peerlink.statemachine.store;

import org.jspecify.annotations.NullMarked;
