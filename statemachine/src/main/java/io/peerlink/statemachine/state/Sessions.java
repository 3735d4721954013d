package io.peerlink.statemachine.state;

import io.peerlink.state.v1.IncarnationRecord;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The incarnations that the entry being applied touches. Apply thread only. */
public final class Sessions {
    private final Transaction transaction;
    private final DueWork dueWork;
    private final boolean keepsNewest;
    private final TreeMap<String, TreeMap<Long, SessionLedger>> open = new TreeMap<>();

    /**
     * @param keepsNewest whether the newest outcomes stay in the incarnation's row, while they are few
     */
    Sessions(Transaction transaction, DueWork dueWork, boolean keepsNewest) {
        this.transaction = transaction;
        this.dueWork = dueWork;
        this.keepsNewest = keepsNewest;
    }

    /** The incarnation's ledger, or null if it is not known. */
    public @Nullable SessionLedger find(String peer, long incarnation) {
        Map<Long, SessionLedger> ledgers = open.computeIfAbsent(peer, any -> new TreeMap<>());
        SessionLedger ledger = ledgers.get(incarnation);
        if (ledger == null) {
            var stored = transaction.get(Tables.INCARNATIONS, KeyCodec.numbered(peer, incarnation));
            if (stored == null) {
                return null;
            }
            ledger = new SessionLedger(transaction, peer, incarnation, stored, keepsNewest);
            ledgers.put(incarnation, ledger);
        }
        return ledger;
    }

    /** A new incarnation. */
    public SessionLedger create(String peer, long incarnation, long clockMs) {
        IncarnationRecord fresh = IncarnationRecord.newBuilder()
                .setLowestUnsettled(1)
                .setUsedAtMs(clockMs)
                .build();
        transaction.put(Tables.INCARNATIONS, KeyCodec.numbered(peer, incarnation), fresh);
        dueWork.put(new Due(Due.Type.INCARNATION, clockMs, peer, incarnation));
        SessionLedger ledger = new SessionLedger(transaction, peer, incarnation, fresh, keepsNewest);
        open.computeIfAbsent(peer, any -> new TreeMap<>()).put(incarnation, ledger);
        return ledger;
    }

    /** Deletes the incarnation and its outcomes, if it is known. */
    public void forget(String peer, long incarnation) {
        SessionLedger ledger = find(peer, incarnation);
        if (ledger != null) {
            ledger.forget(dueWork);
            open.computeIfAbsent(peer, any -> new TreeMap<>()).remove(incarnation);
        }
    }

    void store() {
        open.values().forEach(ledgers -> ledgers.values().forEach(SessionLedger::store));
    }
}
