package io.peerlink.integration.torture.check;

import io.peerlink.client.ErrorCode;
import io.peerlink.integration.torture.history.Codes;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;

/** I8: group messages go to members only, members may send, others may not; who is told otherwise was told wrongly. */
final class Membership extends Invariant {
    private final LongIndex<Long> asked = new LongIndex<>();

    Membership() {
        super("I8 membership", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        long key = Ledger.key(event.peer(), event.life(), event.number());
        switch (event.op()) {
            case JOIN, LEAVE -> {
                if (event.kind() == Kind.INVOKE) {
                    asked.put(key, event.nanos());
                } else if (event.kind() == Kind.FAIL) {
                    checkRefusal(event, before.memberships(), key);
                }
            }
            default -> {}
        }
    }

    private void checkRefusal(Event event, Memberships memberships, long key) {
        Long since = asked.get(key);
        if (since == null) {
            return;
        }
        if (event.code() == Codes.of(ErrorCode.ALREADY_A_MEMBER) && !othersMayHold(event, memberships, since)) {
            violated(() -> Names.peer(event.peer()) + " is in no group that it left: " + event);
        }
    }

    /** The refused join itself counts as possible until the ledger sees the refusal, so it is looked for before that. */
    private static boolean othersMayHold(Event event, Memberships memberships, long since) {
        return memberships.mayHaveBeenMember(event.conversation(), event.peer(), since, since);
    }

    @Override
    void atEnd(Ledger ledger) {
        Memberships memberships = ledger.memberships();
        for (Sent message : ledger.sends()) {
            if (!Names.isGroup(message.conversation)) {
                continue;
            }
            boolean member =
                    memberships.wasMember(message.conversation, message.sender, message.invoked, Sent.NEVER - 1);
            if (message.outcome == Kind.FAIL && message.code == Codes.of(ErrorCode.NOT_A_MEMBER) && member) {
                violated(() -> message + " was refused, but its sender is a member");
            }
            if (message.isAccepted()
                    && !memberships.mayHaveBeenMember(
                            message.conversation, message.sender, message.invoked, message.accepted)) {
                violated(() -> message + " was accepted, but its sender is no member");
            }
        }
        for (Lane lane : ledger.lanes()) {
            if (Names.isGroup(lane.conversation)) {
                check(ledger, lane);
            }
        }
    }

    private void check(Ledger ledger, Lane lane) {
        for (long place = 1; place <= lane.highest(); place++) {
            Sent message = lane.presentedAt(place) == 0 ? null : ledger.at(lane.conversation, place);
            if (message != null && !ledger.memberships().mayReceive(message, lane.receiver)) {
                violated(() -> message + " was given to " + Names.peer(lane.receiver) + ", who is no recipient");
            }
        }
    }
}
