package io.peerlink.statemachine.state;

import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who a message was for. In a pair's conversation: the other side. In a group: everybody who was a member at the message's
 * place, without the sender; each running or ended membership is an interval of sequences. Stateless.
 */
public final class Entitlements {
    private Entitlements() {}

    /** The sequences of a conversation that were for this peer (its own messages apart), ascending. */
    public static List<Interval> of(Rows rows, String conversation, String peer) {
        if (Conversations.isDirect(conversation)) {
            return Conversations.otherSide(conversation, peer).isPresent()
                    ? List.of(new Interval(1, Interval.OPEN))
                    : List.of();
        }
        List<Interval> intervals = new ArrayList<>();
        byte[] tenures = KeyCodec.prefix(conversation, peer);
        rows.scan(
                Tables.TENURES,
                tenures,
                KeyCodec.endOf(tenures),
                row -> intervals.add(
                        new Interval(row.lastNumber() + 1, row.value().getUntilSequence())));
        var member = rows.get(Tables.MEMBERS, KeyCodec.names(conversation, peer));
        if (member != null) {
            intervals.add(new Interval(member.getAfterSequence() + 1, Interval.OPEN));
        }
        return List.copyOf(intervals);
    }

    /** Whether the peer takes or took part. */
    public static boolean isPart(Rows rows, String conversation, String peer) {
        return !of(rows, conversation, peer).isEmpty();
    }

    /** Whether a message of this sender at this place was for this peer. */
    public static boolean isRecipient(Rows rows, String conversation, long sequence, String sender, String peer) {
        return isOwed(conversation, sender, peer)
                && of(rows, conversation, peer).stream().anyMatch(interval -> interval.contains(sequence));
    }

    /** Whether messages of the sender are for the peer at all: one's own are not, except in the conversation with oneself. */
    public static boolean isOwed(String conversation, String sender, String peer) {
        return !sender.equals(peer)
                || (Conversations.isDirect(conversation)
                        && Conversations.otherSide(conversation, peer)
                                .filter(peer::equals)
                                .isPresent());
    }

    /**
     * Recipients of a message by name.
     *
     * @param afterPeer only greater names; empty for all
     * @param peersMax at most this many
     */
    public static List<String> recipients(
            Rows rows, String conversation, long sequence, String sender, String afterPeer, int peersMax) {
        NavigableSet<String> peers = new TreeSet<>();
        if (Conversations.isDirect(conversation)) {
            Conversations.otherSide(conversation, sender)
                    .filter(peer -> peer.compareTo(afterPeer) > 0)
                    .ifPresent(peers::add);
        } else {
            byte[] from = KeyCodec.names(conversation, afterPeer);
            byte[] end = KeyCodec.endOf(KeyCodec.prefix(conversation));
            int at = KeyCodec.prefix(conversation).length;
            rows.scan(Tables.TENURES, from, end, row -> {
                String peer = KeyCodec.nameAt(row.key(), at);
                if (new Interval(row.lastNumber() + 1, row.value().getUntilSequence()).contains(sequence)
                        && peer.compareTo(afterPeer) > 0
                        && !peer.equals(sender)) {
                    peers.add(peer);
                }
                return peers.size() < peersMax;
            });
            List<String> members = new ArrayList<>();
            rows.scan(Tables.MEMBERS, from, end, row -> {
                String peer = KeyCodec.nameAt(row.key(), at);
                if (row.value().getAfterSequence() < sequence
                        && peer.compareTo(afterPeer) > 0
                        && !peer.equals(sender)) {
                    members.add(peer);
                }
                return members.size() < peersMax;
            });
            peers.addAll(members);
        }
        return peers.stream().limit(peersMax).toList();
    }

    /** Everybody with an interval that meets {@code first..last}, by name, with these intervals cut to it. */
    public static NavigableMap<String, List<Interval>> within(Rows rows, String conversation, long first, long last) {
        NavigableMap<String, List<Interval>> parts = new TreeMap<>();
        if (Conversations.isDirect(conversation)) {
            List<Interval> all = List.of(new Interval(first, last));
            Conversations.sides(conversation).forEach(side -> parts.put(side, all));
            return parts;
        }
        byte[] prefix = KeyCodec.prefix(conversation);
        byte[] end = KeyCodec.endOf(prefix);
        rows.scan(Tables.TENURES, prefix, end, row -> {
            Interval tenure = new Interval(row.lastNumber() + 1, row.value().getUntilSequence());
            addPart(parts, KeyCodec.nameAt(row.key(), prefix.length), tenure.clip(first, last));
            return true;
        });
        rows.scan(Tables.MEMBERS, prefix, end, row -> {
            Interval membership = new Interval(row.value().getAfterSequence() + 1, Interval.OPEN);
            addPart(parts, KeyCodec.nameAt(row.key(), prefix.length), membership.clip(first, last));
            return true;
        });
        return parts;
    }

    private static void addPart(NavigableMap<String, List<Interval>> parts, String peer, Interval part) {
        if (!part.isEmpty()) {
            parts.computeIfAbsent(peer, any -> new ArrayList<>()).add(part);
        }
    }
}
