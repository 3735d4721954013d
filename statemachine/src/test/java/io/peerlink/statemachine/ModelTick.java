package io.peerlink.statemachine;

import io.peerlink.log.v1.Tick;
import io.peerlink.statemachine.StateView.RecipientState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The model's tick, without a bound on rows. */
final class ModelTick {
    private final Model model;

    ModelTick(Model model) {
        this.model = model;
    }

    Outcome apply(Tick command) {
        model.conversations.values().forEach(conversation -> conversation.openRun = null);
        expire();
        trim(model.clockMs - command.getHistoryRetentionMs());
        long usedBeforeMs = model.clockMs - command.getIncarnationRetentionMs();
        model.peers
                .values()
                .forEach(peer -> peer.sessions.values().removeIf(session -> session.usedAtMs <= usedBeforeMs));
        return new Outcome.Ticked(false);
    }

    /** By expiry, then the entry that brought it, conversation and place: the order in which senders hear of it. */
    private void expire() {
        Map<Long, List<ModelMessage>> due = new TreeMap<>();
        model.conversations
                .values()
                .forEach(conversation -> conversation.messages.stream()
                        .filter(message -> message.expiresAtMs <= model.clockMs && !message.trimmed)
                        .forEach(message -> due.computeIfAbsent(message.expiresAtMs, any -> new ArrayList<>())
                                .add(message)));
        due.values().forEach(messages -> {
            Set<ModelMessage.Run> runs = new LinkedHashSet<>();
            messages.forEach(message -> runs.add(message.run));
            List<ModelMessage.Run> ordered = new ArrayList<>(runs);
            ordered.sort(Comparator.comparingLong(run -> run.entry));
            ordered.forEach(run -> expire(run, messages.get(0).expiresAtMs));
        });
    }

    private void expire(ModelMessage.Run run, long expiresAtMs) {
        Set<String> peers = new TreeSet<>();
        run.messages.forEach(message -> peers.addAll(message.recipients.keySet()));
        for (String peer : peers) {
            Set<Integer> memberships = new TreeSet<>();
            run.messages.stream()
                    .map(message -> message.recipients.get(peer))
                    .filter(recipient -> recipient != null)
                    .forEach(recipient -> memberships.add(recipient.membership));
            memberships.forEach(membership -> expire(run, expiresAtMs, peer, membership));
        }
    }

    private void expire(ModelMessage.Run run, long expiresAtMs, String peer, int membership) {
        Map<String, List<List<ModelMessage>>> ranges = new TreeMap<>();
        for (ModelMessage message : run.messages) {
            ModelMessage.Recipient recipient = message.recipients.get(peer);
            if (recipient == null || recipient.membership != membership) {
                continue;
            }
            List<List<ModelMessage>> ofSender = ranges.computeIfAbsent(message.sender, any -> new ArrayList<>());
            if (recipient.state == RecipientState.SENT && message.expiresAtMs == expiresAtMs) {
                recipient.become(RecipientState.EXPIRED, model.clockMs);
                if (ofSender.isEmpty()) {
                    ofSender.add(new ArrayList<>());
                }
                ofSender.get(ofSender.size() - 1).add(message);
            } else {
                ofSender.add(new ArrayList<>());
            }
        }
        ranges.values().forEach(ofSender -> ofSender.forEach(range -> model.tell(RecipientState.EXPIRED, peer, range)));
    }

    private void trim(long retainedMs) {
        Set<ModelMessage.Run> runs = new LinkedHashSet<>();
        model.conversations
                .values()
                .forEach(conversation -> conversation.messages.stream()
                        .filter(message -> !message.trimmed)
                        .forEach(message -> runs.add(message.run)));
        List<ModelMessage.Run> ordered = new ArrayList<>(runs);
        ordered.sort(Comparator.comparingLong((ModelMessage.Run run) -> run.retentionDueMs));
        for (ModelMessage.Run run : ordered) {
            if (run.retentionDueMs > retainedMs) {
                continue;
            }
            long finalAtMs = run.messages.get(0).sentAtMs;
            for (ModelMessage message : run.messages) {
                for (ModelMessage.Recipient recipient : message.recipients.values()) {
                    boolean waits = recipient.state == RecipientState.SENT;
                    finalAtMs =
                            Math.max(finalAtMs, waits ? Math.max(model.clockMs, retainedMs + 1) : recipient.finalAtMs);
                }
            }
            run.retentionDueMs = finalAtMs;
            if (finalAtMs <= retainedMs) {
                run.messages.forEach(message -> message.trimmed = true);
            }
        }
    }
}
