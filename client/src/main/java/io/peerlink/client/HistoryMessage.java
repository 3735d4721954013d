package io.peerlink.client;

import io.peerlink.client.encryption.Opened;
import io.peerlink.client.encryption.Opener;
import io.peerlink.protocol.v1.Messages;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A message read from a conversation's history. Thread-safe; looking into a sealed one for the first time takes a millisecond. */
public final class HistoryMessage {
    private final Messages run;
    private final int place;
    private final Opener opener;
    /** Only once somebody looks: it costs more than all the rest of a page. Guarded by this. */
    private @Nullable Opened opened;

    private HistoryMessage(Messages run, int place, Opener opener) {
        this.run = run;
        this.place = place;
        this.opener = opener;
    }

    /** Each message of a run, in order. */
    static Stream<HistoryMessage> of(Messages run, Opener opener) {
        return IntStream.range(0, run.getBodiesCount()).mapToObj(place -> new HistoryMessage(run, place, opener));
    }

    private synchronized Opened opened() {
        Opened known = opened;
        if (known == null) {
            known = opener.open(run, place, Opener.Source.HISTORY);
            opened = known;
        }
        return known;
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

    /** A copy of the body; of a sealed message that cannot be read, the bytes as they came. */
    public byte[] body() {
        return opened().body().toByteArray();
    }

    /** The body as UTF-8 text; empty if it is sealed and cannot be read. */
    public String text() {
        return opened().text();
    }

    /** The content type; {@link OutgoingMessage#TEXT} if the sender gave none. */
    public String contentType() {
        String type = opened().contentType();
        return type.isEmpty() ? OutgoingMessage.TEXT : type;
    }

    /** Whether it was sealed, and if it cannot be read why not. What this peer sealed itself can be read here too. */
    public Encryption encryption() {
        return opened().encryption();
    }

    @Override
    public String toString() {
        return "HistoryMessage[" + id() + " from " + from() + "]";
    }
}
