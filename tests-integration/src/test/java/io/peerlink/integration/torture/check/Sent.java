package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;

/** One send, from its call to the last that is known of it. */
final class Sent {
    /** A time that never came. */
    static final long NEVER = Long.MAX_VALUE;

    final int client;
    final int sender;
    final int life;
    final long number;
    final int conversation;
    final long hash;
    final long invoked;
    /** Not before this may it expire. */
    final long mayExpireFrom;

    /** When its outcome was told; {@link #NEVER} unless it was accepted. */
    long accepted = NEVER;

    Kind outcome = Kind.NOTHING;
    int code;
    /** Where it stands in its conversation, by whoever told first; 0 if nobody did. */
    long place;

    long toldRecipients;
    boolean presented;
    boolean stored;

    Sent(Event invoke) {
        client = invoke.client();
        sender = invoke.peer();
        life = invoke.life();
        number = invoke.number();
        conversation = invoke.conversation();
        hash = invoke.hash();
        invoked = invoke.nanos();
        mayExpireFrom = invoke.extra() == 0 ? NEVER : invoked + invoke.extra();
    }

    boolean isAccepted() {
        return outcome == Kind.OK;
    }

    @Override
    public String toString() {
        return Names.peer(sender) + "'s send " + life + "/" + number + " = " + Names.conversationName(conversation)
                + "/" + place + " (" + (outcome == Kind.NOTHING ? "no outcome" : outcome.name()) + ")";
    }
}
