package io.peerlink.integration.torture.client;

import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ErrorListener;
import io.peerlink.client.HistoryMessage;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import io.peerlink.integration.torture.history.Codes;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import io.peerlink.integration.torture.history.Stamp;

/**
 * Writes what the client library shows and tells in one life of a peer. Thread-safe.
 *
 * <p>Errors are not written: handlers fail only because their life is over, and routers fail all the time here.
 */
public final class Witness implements ErrorListener {
    private static final Stamp NONE_OF_OURS = new Stamp(Names.UNKNOWN, 0, 0, 0);

    private final Chronicle chronicle;
    private final long runId;
    private final int life;

    /** Of one life; {@code runId} is what bodies of this run are stamped with. */
    public Witness(Chronicle chronicle, long runId, int life) {
        this.chronicle = chronicle;
        this.runId = runId;
        this.life = life;
    }

    /** The search for a leader began, or a session did. */
    public void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Connecting) {
            chronicle.write(event(Kind.CONNECTING));
        } else if (event instanceof ConnectionEvent.Attached attached) {
            var attachment = attached.attachment();
            chronicle.write(event(Kind.ATTACHED)
                    .code(attachment.registered() ? 1 : 0)
                    .other(Integer.parseInt(attachment.router().substring(1)))
                    .place(attachment.inbox().cursor())
                    .number(attachment.inbox().head())
                    .hash(attachment.incarnation())
                    .extra(attachment.term()));
        }
    }

    /** A receipt came. */
    public void onReceipt(Receipt receipt) {
        chronicle.write(event(Kind.RECEIPT)
                .code(Codes.of(receipt.kind()))
                .other(Names.peerNumber(receipt.peer()))
                .in(Names.conversation(receipt.conversation()))
                .place(receipt.fromSequence())
                .number(receipt.upToSequence()));
    }

    /** The application has the message now. */
    public void presented(IncomingMessage message) {
        byte[] body = message.body();
        Stamp stamp = Stamp.of(body, runId)
                .filter(found -> Names.peer(found.sender()).equals(message.from()))
                .orElse(NONE_OF_OURS);
        chronicle.write(found(Kind.PRESENT, stamp, body)
                .in(Names.conversation(message.conversation()))
                .place(message.id().sequence())
                .extra(message.inboxSequence()));
    }

    /** The application confirms it; written first, since what follows may be faster than the call's return. */
    public void confirm(IncomingMessage message) {
        chronicle.write(event(Kind.ACK).number(message.inboxSequence()));
        message.ack();
    }

    /** A message was found in a conversation's stored history. */
    public void stored(HistoryMessage message) {
        byte[] body = message.body();
        Stamp stamp = Stamp.of(body, runId).orElse(NONE_OF_OURS);
        chronicle.write(found(Kind.STORED, stamp, body)
                .in(Names.conversation(message.id().conversation()))
                .place(message.id().sequence()));
    }

    /** Everything of this peer is settled, and its cursor is at the head. */
    public void quiet() {
        chronicle.write(event(Kind.QUIET));
    }

    private Event found(Kind kind, Stamp stamp, byte[] body) {
        return event(kind)
                .code(stamp.life())
                .other(stamp.sender())
                .number(stamp.number())
                .hash(Stamp.hash(body));
    }

    private Event event(Kind kind) {
        return chronicle.event(kind, Op.NONE, life);
    }

    @Override
    public void handlerFailed(IncomingMessage message, Throwable error) {}

    @Override
    public void failed(PeerLinkException error) {}
}
