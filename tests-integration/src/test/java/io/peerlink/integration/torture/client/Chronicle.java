package io.peerlink.integration.torture.client;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.SendReceipt;
import io.peerlink.integration.torture.history.Codes;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes one peer's requests and their outcomes, and numbers them. Thread-safe. */
public final class Chronicle {
    private final Consumer<Event> history;
    private final int client;
    private final int peer;
    private final AtomicLong numbers = new AtomicLong();

    /** {@code history} puts in the time. */
    public Chronicle(Consumer<Event> history, int client, int peer) {
        this.history = history;
        this.client = client;
        this.peer = peer;
    }

    int peer() {
        return peer;
    }

    /** The number of the next request. */
    public long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** An event of this peer. */
    public Event event(Kind kind, Op op, int life) {
        return Event.of(kind, op, client, peer, life);
    }

    /** Puts it on record. */
    public void write(Event event) {
        history.accept(event);
    }

    /** Writes that a request is about to be made. */
    public Event invoke(Op op, int life, int conversation, long place) {
        Event invoked =
                event(Kind.INVOKE, op, life).in(conversation).place(place).number(nextNumber());
        write(invoked);
        return invoked;
    }

    /** Writes how a request ended. {@code place} tells the sequence of an accepted one. */
    public <T> BiConsumer<@Nullable T, @Nullable Throwable> outcome(Event invoked, Placed<T> place) {
        return (value, failure) -> {
            if (value != null) {
                write(place.of(value, changed(invoked, Kind.OK)));
            } else {
                ErrorCode code = codeOf(failure);
                write(changed(invoked, isDefinite(code) ? Kind.FAIL : Kind.UNKNOWN)
                        .code(Codes.of(code)));
            }
        };
    }

    /** Puts what an accepted request got into its record. */
    public interface Placed<T> {
        /** The record with what {@code value} tells. */
        Event of(T value, Event ok);
    }

    /** What an accepted send got: its place, and how many it is for. */
    public static Event placed(SendReceipt sent, Event ok) {
        return ok.in(Names.conversation(sent.id().conversation()))
                .place(sent.id().sequence())
                .extra(sent.recipients());
    }

    /** A request that is waited for: its outcome is written, and whether it was accepted is told. */
    <T> boolean settle(Event invoked, CompletableFuture<T> future) {
        try {
            future.whenComplete(this.<T>outcome(invoked, (value, ok) -> ok)).join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    private static Event changed(Event invoked, Kind kind) {
        return new Event(
                0,
                kind,
                invoked.op(),
                0,
                invoked.client(),
                invoked.peer(),
                invoked.life(),
                invoked.other(),
                invoked.conversation(),
                invoked.place(),
                invoked.number(),
                invoked.hash(),
                invoked.extra());
    }

    /** Why it failed. */
    public static ErrorCode codeOf(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof PeerLinkException refusal ? refusal.code() : ErrorCode.UNKNOWN;
    }

    /** Whether nothing can have happened, by the library's own promise. */
    private static boolean isDefinite(ErrorCode code) {
        return switch (code) {
            case OUTCOME_UNKNOWN, INTERRUPTED, INTERNAL, UNKNOWN -> false;
            default -> true;
        };
    }
}
