/** Tests of the snapshot package. */
@NullMarked
package io.peerlink.statemachine.snapshot;

import org.jspecify.annotations.NullMarked;
