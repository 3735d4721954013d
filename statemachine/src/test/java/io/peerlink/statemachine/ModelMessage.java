package io.peerlink.statemachine;

import io.peerlink.log.v1.SendMessage;
import io.peerlink.statemachine.StateView.RecipientState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The model's message with its state per recipient. */
final class ModelMessage {
    final String conversation;
    final long sequence;
    final String sender;
    final long sentAtMs;
    final long expiresAtMs;
    final SendMessage request;
    final Run run;
    final Map<String, Recipient> recipients = new TreeMap<>();
    // Members at its place, the sender included.
    final TreeSet<String> viewers = new TreeSet<>();
    boolean trimmed;

    /** The next message of the run. */
    ModelMessage(Run run, String sender, long sentAtMs, SendMessage request) {
        this.conversation = run.conversation;
        this.sequence = run.firstSequence + run.messages.size();
        this.sender = sender;
        this.sentAtMs = sentAtMs;
        this.expiresAtMs = sentAtMs + request.getTtlMs();
        this.request = request;
        this.run = run;
    }

    /** Messages that one entry brought to one conversation. */
    static final class Run {
        final String conversation;
        final long firstSequence;
        final long entry;
        final List<ModelMessage> messages = new ArrayList<>();
        long retentionDueMs;

        Run(String conversation, long firstSequence, long entry, long retentionDueMs) {
            this.conversation = conversation;
            this.firstSequence = firstSequence;
            this.entry = entry;
            this.retentionDueMs = retentionDueMs;
        }
    }

    /** How far one recipient is with one message. */
    static final class Recipient {
        final int membership;
        RecipientState state = RecipientState.SENT;
        long atMs;
        // Of delivery or ending; a read mark does not move it.
        long finalAtMs;

        Recipient(int membership, long atMs) {
            this.membership = membership;
            this.atMs = atMs;
        }

        /** 0: it was not. */
        long deliveredAtMs() {
            return state == RecipientState.DELIVERED || state == RecipientState.READ ? finalAtMs : 0;
        }

        void become(RecipientState next, long now) {
            if (next != RecipientState.READ) {
                finalAtMs = now;
            }
            state = next;
            atMs = now;
        }
    }
}
