/** Answers to questions about the applied state, each from one RocksDB snapshot. */
@NullMarked
package io.peerlink.statemachine.view;

import org.jspecify.annotations.NullMarked;
