package io.peerlink.statemachine.state;

import io.peerlink.statemachine.Effect;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The inboxes that the entry being applied touches. Apply thread only. */
public final class Inboxes {
    private final Transaction transaction;
    private final TreeMap<String, OpenInbox> open = new TreeMap<>();

    Inboxes(Transaction transaction) {
        this.transaction = transaction;
    }

    /** The peer's inbox, or null if there is no such peer. */
    public @Nullable OpenInbox find(String peer) {
        OpenInbox inbox = open.get(peer);
        if (inbox == null) {
            var stored = transaction.get(Tables.CURSORS, KeyCodec.name(peer));
            if (stored == null) {
                return null;
            }
            inbox = new OpenInbox(peer, stored);
            open.put(peer, inbox);
        }
        return inbox;
    }

    /** The inbox of a peer that must exist. */
    public OpenInbox of(String peer) {
        OpenInbox inbox = find(peer);
        if (inbox == null) {
            throw new IllegalStateException("no inbox for " + peer);
        }
        return inbox;
    }

    /** Makes rows of what was appended to the inbox so far. */
    public void seal(OpenInbox inbox) {
        inbox.seal(transaction);
    }

    void store() {
        open.values().forEach(inbox -> inbox.store(transaction));
    }

    List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        for (OpenInbox inbox : open.values()) {
            if (inbox.hasGrown()) {
                effects.add(new Effect.InboxAppended(inbox.peer(), inbox.head()));
            }
            if (inbox.hasMoved()) {
                effects.add(new Effect.CursorMoved(inbox.peer(), inbox.confirmed()));
            }
        }
        return List.copyOf(effects);
    }
}
