package io.peerlink.statemachine.view;

import com.google.protobuf.ByteString;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.ColumnFamily;
import io.peerlink.statemachine.store.ReadSnapshot;
import io.peerlink.statemachine.store.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Hashes every row: table number, length of key, key, length of value, value; all in order. Stateless. */
final class DigestReader {
    private DigestReader() {}

    static StateDigest digest(ReadSnapshot rows) {
        MessageDigest sha256 = Sha256.begin();
        for (ColumnFamily family : ColumnFamily.values()) {
            rows.scanRaw(family, new byte[0], (key, value) -> {
                sha256.update(ByteBuffer.allocate(2 * Integer.BYTES)
                        .putInt(family.number())
                        .putInt(key.length)
                        .flip());
                sha256.update(key);
                sha256.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(value.length).flip());
                sha256.update(value);
                return true;
            });
        }
        var applied = rows.get(Tables.APPLIED, Tables.appliedKey());
        LogPosition position =
                applied == null ? LogPosition.NONE : new LogPosition(applied.getTerm(), applied.getIndex());
        return new StateDigest(position, ByteString.copyFrom(sha256.digest()));
    }
}
