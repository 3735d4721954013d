package io.peerlink.client;

import io.peerlink.protocol.v1.Messages;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A message read from a conversation's history. Immutable. */
public final class HistoryMessage {
    private final Messages run;
    private final int place;

    private HistoryMessage(Messages run, int place) {
        this.run = run;
        this.place = place;
    }

    /** Each message of a run, in order. */
    static Stream<HistoryMessage> of(Messages run) {
        return IntStream.range(0, run.getBodiesCount()).mapToObj(place -> new HistoryMessage(run, place));
    }

    /** The message's name. */
    public MessageId id() {
        return new MessageId(run.getConversation(), run.getFirstSequence() + place);
    }

    /** The sender's name. */
    public String from() {
        return run.getSender();
    }

    /** The group it was sent to; empty for a direct message. */
    public Optional<String> group() {
        return Optional.of(run.getGroup()).filter(name -> !name.isEmpty());
    }

    /** When it was accepted. */
    public Instant sentAt() {
        return Instant.ofEpochMilli(run.getSentAtMs());
    }

    /** A copy of the body. */
    public byte[] body() {
        return run.getBodies(place).toByteArray();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return run.getBodies(place).toStringUtf8();
    }

    /** The content type; {@link OutgoingMessage#TEXT} if the sender gave none. */
    public String contentType() {
        return run.getContentType().isEmpty() ? OutgoingMessage.TEXT : run.getContentType();
    }

    @Override
    public String toString() {
        return "HistoryMessage[" + id() + " from " + from() + "]";
    }
}
