package io.peerlink.integration.torture.history;

import java.nio.ByteBuffer;

/**
 * One record. Which fields mean what is told at {@link Kind}.
 *
 * @param nanos {@link System#nanoTime}: CLOCK_MONOTONIC, so times of all processes of one machine compare exactly
 * @param kind what it says
 * @param op for requests: what was asked
 * @param code refusal, receipt kind or fault
 * @param client which client process
 * @param peer whose event
 * @param life counts the sessions of this peer that its client opened
 * @param other another peer or a router
 * @param conversation see {@link Names}
 * @param place a sequence in the conversation
 * @param number a request's number, an upper end of a range, or an inbox sequence
 * @param hash of a message's body, or of a state
 * @param extra another number
 */
public record Event(
        long nanos,
        Kind kind,
        Op op,
        int code,
        int client,
        int peer,
        int life,
        int other,
        int conversation,
        long place,
        long number,
        long hash,
        long extra) {
    /** Bytes of a record. */
    public static final int BYTES = 64;

    private static final int HEADER_AT = 8;
    private static final Kind[] KINDS = Kind.values();
    private static final Op[] OPS = Op.values();

    /** An event of a peer at a time that the writer puts in. */
    public static Event of(Kind kind, Op op, int client, int peer, int life) {
        return new Event(0, kind, op, 0, client, peer, life, 0, 0, 0, 0, 0, 0);
    }

    public Event at(long time) {
        return new Event(time, kind, op, code, client, peer, life, other, conversation, place, number, hash, extra);
    }

    public Event code(int value) {
        return new Event(nanos, kind, op, value, client, peer, life, other, conversation, place, number, hash, extra);
    }

    public Event other(int value) {
        return new Event(nanos, kind, op, code, client, peer, life, value, conversation, place, number, hash, extra);
    }

    public Event in(int value) {
        return new Event(nanos, kind, op, code, client, peer, life, other, value, place, number, hash, extra);
    }

    public Event place(long value) {
        return new Event(nanos, kind, op, code, client, peer, life, other, conversation, value, number, hash, extra);
    }

    public Event number(long value) {
        return new Event(nanos, kind, op, code, client, peer, life, other, conversation, place, value, hash, extra);
    }

    public Event hash(long value) {
        return new Event(nanos, kind, op, code, client, peer, life, other, conversation, place, number, value, extra);
    }

    public Event extra(long value) {
        return new Event(nanos, kind, op, code, client, peer, life, other, conversation, place, number, hash, value);
    }

    /** Everything but the header, without which the record does not count. */
    void writeBody(ByteBuffer to, int at) {
        to.putLong(at, nanos);
        to.putInt(at + 16, peer).putInt(at + 20, life);
        to.putInt(at + 24, other).putInt(at + 28, conversation);
        to.putLong(at + 32, place).putLong(at + 40, number);
        to.putLong(at + 48, hash).putLong(at + 56, extra);
    }

    /** Makes the record count. */
    void writeHeader(ByteBuffer to, int at) {
        to.putLong(
                at + HEADER_AT,
                ((long) kind.number() << 56)
                        | ((long) op.number() << 48)
                        | ((code & 0xffffL) << 32)
                        | (client & 0xffffffffL));
    }

    /** The record at this place; {@link Kind#NOTHING} if there is none. */
    static Event read(ByteBuffer from, int at) {
        long header = from.getLong(at + HEADER_AT);
        return new Event(
                from.getLong(at),
                KINDS[(int) (header >>> 56)],
                OPS[(int) (header >>> 48) & 0xff],
                (int) (header >>> 32) & 0xffff,
                (int) header,
                from.getInt(at + 16),
                from.getInt(at + 20),
                from.getInt(at + 24),
                from.getInt(at + 28),
                from.getLong(at + 32),
                from.getLong(at + 40),
                from.getLong(at + 48),
                from.getLong(at + 56));
    }
}
