package io.peerlink.statemachine.view;

import io.peerlink.state.v1.CursorRecord;
import io.peerlink.statemachine.StateView.Backlog;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.ReadSnapshot;

/** Adds up what the cursors say is not confirmed. Belongs to one call. */
final class BacklogReader {
    /** Names are ASCII. */
    private static final byte[] BEHIND_ALL_NAMES = {(byte) 0xff};

    private final int peersMax;
    private int looked;
    private long entries;
    private long peers;
    private boolean complete = true;

    private BacklogReader(int peersMax) {
        this.peersMax = peersMax;
    }

    static Backlog read(ReadSnapshot rows, int peersMax) {
        BacklogReader reader = new BacklogReader(peersMax);
        rows.scan(Tables.CURSORS, new byte[0], BEHIND_ALL_NAMES, row -> reader.add(row.value()));
        return new Backlog(reader.entries, reader.peers, reader.complete);
    }

    private boolean add(CursorRecord cursor) {
        if (looked == peersMax) {
            complete = false;
            return false;
        }
        looked++;
        long waiting = cursor.getHead() - cursor.getConfirmed();
        if (waiting > 0) {
            entries += waiting;
            peers++;
        }
        return true;
    }
}
