/** Typed tables over RocksDB: the only package that knows RocksDB. One transaction per log entry. */
@NullMarked
package io.peerlink.statemachine.store;

import org.jspecify.annotations.NullMarked;
