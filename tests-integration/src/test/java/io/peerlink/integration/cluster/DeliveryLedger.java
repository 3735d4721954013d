package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import io.peerlink.client.SendReceipt;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The oracle of the promise: what senders were told, what receivers were given, in the order in which it happened. Senders
 * number their texts from 0 for each destination. Thread-safe.
 */
final class DeliveryLedger {
    /** What a sender was told about one message. */
    record Acknowledged(String sender, String to, int number) {}

    /** A message at one receiver. */
    record Presentation(String receiver, MessageId id) {}

    /** One presentation's facts; {@code place} orders it among all presentations and receipts. */
    private record Presented(String sender, String to, int number, long place) {}

    private record Received(String receiver, MessageId id, Presented facts) {}

    private record Heard(String sender, Receipt receipt, long place) {}

    private record ReceiptKey(String sender, String recipient, String conversation) {}

    private final Map<String, Set<String>> members = new HashMap<>();
    private final Map<MessageId, Acknowledged> acknowledged = new LinkedHashMap<>();
    private final List<Received> presented = new ArrayList<>();
    private final List<Heard> receipts = new ArrayList<>();
    private long clock;

    /** Says who gets the messages of a group, apart from the sender. */
    synchronized void group(String group, Set<String> everyMember) {
        members.put(group, Set.copyOf(everyMember));
    }

    synchronized void acknowledged(String sender, String to, int number, SendReceipt receipt) {
        Acknowledged before = acknowledged.put(receipt.id(), new Acknowledged(sender, to, number));
        assertThat(before).as("two sends were given the id " + receipt.id()).isNull();
    }

    /** To be called before the message is confirmed. */
    void presented(String receiver, IncomingMessage message) {
        String to = message.group().orElse(receiver);
        presented(receiver, message.id(), new Acknowledged(message.from(), to, Integer.parseInt(message.text())));
    }

    synchronized void presented(String receiver, MessageId id, Acknowledged message) {
        presented.add(
                new Received(receiver, id, new Presented(message.sender(), message.to(), message.number(), clock++)));
    }

    synchronized void receipt(String sender, Receipt receipt) {
        receipts.add(new Heard(sender, receipt, clock++));
    }

    synchronized int acknowledgedCount() {
        return acknowledged.size();
    }

    synchronized int presentedCount() {
        return presented.size();
    }

    private Set<String> recipients(Acknowledged message) {
        Set<String> recipients = new HashSet<>(members.getOrDefault(message.to(), Set.of(message.to())));
        if (members.containsKey(message.to())) {
            recipients.remove(message.sender());
        }
        return recipients;
    }

    /** What is owed: one presentation for each acknowledged message and recipient. */
    private Set<Presentation> owed() {
        Set<Presentation> owed = new HashSet<>();
        acknowledged.forEach(
                (id, message) -> recipients(message).forEach(receiver -> owed.add(new Presentation(receiver, id))));
        return owed;
    }

    /** Acknowledged and not presented yet. */
    synchronized Set<Presentation> missing() {
        Set<Presentation> missing = owed();
        presented.forEach(each -> missing.remove(new Presentation(each.receiver(), each.id())));
        return missing;
    }

    /** Presented without having been acknowledged; to be empty once all sends have succeeded. */
    private Set<Presentation> unaccounted() {
        Set<Presentation> unaccounted = new HashSet<>();
        presented.forEach(each -> unaccounted.add(new Presentation(each.receiver(), each.id())));
        unaccounted.removeAll(owed());
        return unaccounted;
    }

    private List<Presentation> doubled() {
        Set<Presentation> seen = new HashSet<>();
        return presented.stream()
                .map(each -> new Presentation(each.receiver(), each.id()))
                .filter(each -> !seen.add(each))
                .toList();
    }

    /** Presentations after one of the same sender, to the same destination, with a higher number. */
    private List<Received> outOfOrder() {
        Map<List<String>, Integer> highest = new HashMap<>();
        return presented.stream()
                .filter(each -> {
                    Presented facts = each.facts();
                    Integer before = highest.put(List.of(each.receiver(), facts.sender(), facts.to()), facts.number());
                    return before != null && before >= facts.number();
                })
                .toList();
    }

    /** Presentations that break the one order of a conversation: a lower place later, or another message at one place. */
    private List<Received> againstAgreedOrder() {
        Map<List<String>, Long> highest = new HashMap<>();
        Map<MessageId, Acknowledged> agreed = new HashMap<>(acknowledged);
        return presented.stream()
                .filter(each -> {
                    Presented facts = each.facts();
                    Long before = highest.put(
                            List.of(each.receiver(), each.id().conversation()),
                            each.id().sequence());
                    Acknowledged here = new Acknowledged(facts.sender(), facts.to(), facts.number());
                    Acknowledged elsewhere = agreed.putIfAbsent(each.id(), here);
                    return (before != null && before >= each.id().sequence())
                            || (elsewhere != null && !elsewhere.equals(here));
                })
                .toList();
    }

    /** Acknowledged messages and recipients for which the sender holds no DELIVERED. */
    synchronized Set<Presentation> withoutReceipt() {
        Map<ReceiptKey, BitSet> covered = new HashMap<>();
        for (Heard heard : receipts) {
            if (heard.receipt().kind() == Receipt.Kind.DELIVERED) {
                covered(covered, heard)
                        .set(
                                (int) heard.receipt().fromSequence(),
                                (int) heard.receipt().upToSequence() + 1);
            }
        }
        Set<Presentation> without = new HashSet<>();
        acknowledged.forEach((id, message) -> recipients(message).forEach(recipient -> {
            BitSet sequences = covered.get(new ReceiptKey(message.sender(), recipient, id.conversation()));
            if (sequences == null || !sequences.get((int) id.sequence())) {
                without.add(new Presentation(recipient, id));
            }
        }));
        return without;
    }

    /** Messages that a sender saw DELIVERED before their recipient was given them. */
    private Set<Presentation> untruthfulReceipts() {
        Map<Presentation, Long> places = new HashMap<>();
        presented.forEach(each -> places.putIfAbsent(
                new Presentation(each.receiver(), each.id()), each.facts().place()));
        Map<ReceiptKey, BitSet> covered = new HashMap<>();
        Set<Presentation> untruthful = new HashSet<>();
        for (Heard heard : receipts) {
            Receipt receipt = heard.receipt();
            if (receipt.kind() != Receipt.Kind.DELIVERED) {
                continue;
            }
            BitSet before = covered(covered, heard);
            for (long sequence = receipt.fromSequence(); sequence <= receipt.upToSequence(); sequence++) {
                MessageId id = new MessageId(receipt.conversation(), sequence);
                Acknowledged message = acknowledged.get(id);
                boolean news = !before.get((int) sequence);
                before.set((int) sequence);
                if (news && message != null && message.sender().equals(heard.sender())) {
                    Long place = places.get(new Presentation(receipt.peer(), id));
                    if (place == null || place > heard.place()) {
                        untruthful.add(new Presentation(receipt.peer(), id));
                    }
                }
            }
        }
        return untruthful;
    }

    private static BitSet covered(Map<ReceiptKey, BitSet> covered, Heard heard) {
        Receipt receipt = heard.receipt();
        return covered.computeIfAbsent(
                new ReceiptKey(heard.sender(), receipt.peer(), receipt.conversation()), key -> new BitSet());
    }

    /** Everything acknowledged has arrived and its sender knows. */
    boolean isComplete() {
        return missing().isEmpty() && withoutReceipt().isEmpty();
    }

    /** Checks every part of the promise; once all sends have ended and {@link #isComplete}. */
    synchronized void verify() {
        assertThat(acknowledged).as("acknowledged messages").isNotEmpty();
        assertThat(missing()).as("acknowledged and lost").isEmpty();
        assertThat(doubled()).as("presented twice").isEmpty();
        assertThat(unaccounted())
                .as("presented to somebody who should not get it")
                .isEmpty();
        assertThat(outOfOrder()).as("out of the sender's order").isEmpty();
        assertThat(againstAgreedOrder()).as("out of the conversation's order").isEmpty();
        assertThat(withoutReceipt())
                .as("delivered, and the sender does not know")
                .isEmpty();
        assertThat(untruthfulReceipts()).as("DELIVERED before it was presented").isEmpty();
    }
}
