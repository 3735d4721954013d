package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;

/**
 * I1: what was acknowledged, or given to anybody, is given to everybody it is owed to, or its sender is told that it expired; and it
 * is in the stored history.
 */
final class NoAckedLoss extends Invariant {
    private boolean settled;

    NoAckedLoss() {
        super("I1 no acknowledged loss", Column.LOST);
    }

    @Override
    void on(Event event, Ledger before) {
        settled |= event.kind() == Kind.QUIET;
    }

    @Override
    void atEnd(Ledger ledger) {
        for (Sent message : ledger.sends()) {
            if (message.place == 0) {
                continue;
            }
            // Before everything has settled, something may still be on its way; liveness tells of that.
            if (settled) {
                checkPresented(ledger, message);
            }
            if (ledger.historyRead() && !message.stored && !Names.isGroup(message.conversation)) {
                violated(() -> message + " is not in the stored history");
            }
        }
    }

    private void checkPresented(Ledger ledger, Sent message) {
        for (int peer : ledger.memberships().candidates(message.conversation, message.sender)) {
            if (ledger.lane(peer, message.conversation).presentedAt(message.place) == 0
                    && ledger.memberships().isOwed(message, peer)
                    && (message.mayExpireFrom == Sent.NEVER || !ledger.isToldExpired(message, peer))) {
                violated(() -> message + " was never given to " + Names.peer(peer));
            }
        }
    }
}
