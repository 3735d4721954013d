/** Tests of the state machine: directed ones by subject, and random ones against a model. */
@NullMarked
package io.peerlink.statemachine;

import org.jspecify.annotations.NullMarked;
