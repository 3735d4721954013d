package io.peerlink.statemachine.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/**
 * Name and value type of a table; holds no data. Immutable.
 *
 * @param family where the rows are
 * @param parser reads a stored value
 */
public record Table<V extends MessageLite>(ColumnFamily family, Parser<V> parser) {
    V decode(byte[] stored) {
        try {
            return parser.parseFrom(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException("unreadable row in " + family, e);
        }
    }

    /** The value that was put into this table. */
    @SuppressWarnings("unchecked")
    V cast(MessageLite value) {
        return (V) value;
    }
}
