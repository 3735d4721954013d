package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who was, may have been and cannot have been in which group when, from what the peers asked for and were told. */
final class Memberships {
    /** One stay; what never happened has time {@link Sent#NEVER}. */
    private static final class Stay {
        private final long joinAsked;
        private long joined = Sent.NEVER;
        private long leaveAsked = Sent.NEVER;
        private long left = Sent.NEVER;

        private Stay(long joinAsked) {
            this.joinAsked = joinAsked;
        }

        /** A member all the time from one moment to the other, without any doubt. */
        private boolean covers(long from, long to) {
            return joined < from && leaveAsked > to;
        }

        /** Possibly a member at some moment between the two. */
        private boolean touches(long from, long to) {
            return joinAsked < to && left > from;
        }
    }

    private final Map<Integer, Map<Integer, List<Stay>>> groups = new TreeMap<>();
    private final LongIndex<Stay> joining = new LongIndex<>();
    private final LongIndex<List<Stay>> leaving = new LongIndex<>();

    private List<Stay> stays(int conversation, int peer) {
        return groups.computeIfAbsent(conversation, any -> new TreeMap<>())
                .computeIfAbsent(peer, any -> new ArrayList<>());
    }

    void on(Event event) {
        boolean leave = event.op() == Op.LEAVE;
        if (!leave && event.op() != Op.JOIN && event.op() != Op.CREATE) {
            return;
        }
        List<Stay> stays = stays(event.conversation(), event.peer());
        long key = Ledger.key(event.peer(), event.life(), event.number());
        switch (event.kind()) {
            case INVOKE -> {
                if (leave) {
                    List<Stay> running = stays.stream()
                            .filter(stay -> stay.leaveAsked == Sent.NEVER)
                            .toList();
                    running.forEach(stay -> stay.leaveAsked = event.nanos());
                    leaving.put(key, running);
                } else {
                    Stay stay = new Stay(event.nanos());
                    stays.add(stay);
                    joining.put(key, stay);
                }
            }
            case OK -> accepted(event, key);
            case FAIL -> refused(stays, key);
            default -> {}
        }
    }

    private void accepted(Event event, long key) {
        Stay joined = joining.get(key);
        if (joined != null) {
            joined.joined = event.nanos();
        }
        List<Stay> ended = leaving.get(key);
        if (ended != null) {
            // One whose join has no outcome may still begin: it stays possible for ever.
            ended.stream().filter(stay -> stay.joined != Sent.NEVER).forEach(stay -> stay.left = event.nanos());
        }
    }

    private void refused(List<Stay> stays, long key) {
        Stay never = joining.get(key);
        if (never != null) {
            stays.remove(never);
        }
        List<Stay> goOn = leaving.get(key);
        if (goOn != null) {
            goOn.forEach(stay -> stay.leaveAsked = Sent.NEVER);
        }
    }

    private List<Stay> known(int conversation, int peer) {
        return groups.getOrDefault(conversation, Map.of()).getOrDefault(peer, List.of());
    }

    boolean wasMember(int group, int peer, long from, long to) {
        return known(group, peer).stream().anyMatch(stay -> stay.covers(from, to));
    }

    boolean mayHaveBeenMember(int group, int peer, long from, long to) {
        return known(group, peer).stream().anyMatch(stay -> stay.touches(from, to));
    }

    /** Whether the peer asked to leave the group before this time. */
    boolean askedToLeaveBefore(int group, int peer, long nanos) {
        return known(group, peer).stream().anyMatch(stay -> stay.leaveAsked < nanos);
    }

    /** Whether a message is owed to the peer, come what may: for a group, a member from before the send to the end. */
    boolean isOwed(Sent message, int peer) {
        if (!Names.isGroup(message.conversation)) {
            return Names.otherOf(message.conversation, message.sender) == peer;
        }
        return peer != message.sender && wasMember(message.conversation, peer, message.invoked, Sent.NEVER - 1);
    }

    /** Whether the peer is a recipient without any doubt. */
    boolean isOwedOrGiven(Sent message, Lane lane) {
        return lane.presentedAt(message.place) != 0 || isOwed(message, lane.receiver);
    }

    /** Whether the peer may be given the message. */
    boolean mayReceive(Sent message, int peer) {
        if (!Names.isGroup(message.conversation)) {
            return Names.otherOf(message.conversation, message.sender) == peer;
        }
        return peer != message.sender
                && mayHaveBeenMember(message.conversation, peer, message.invoked, message.accepted);
    }

    /** All who ever asked to be in the group, or the two of a conversation. */
    Iterable<Integer> candidates(int conversation, int sender) {
        return Names.isGroup(conversation)
                ? groups.getOrDefault(conversation, Map.of()).keySet()
                : List.of(Names.otherOf(conversation, sender));
    }
}
