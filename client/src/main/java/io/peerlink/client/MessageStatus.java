package io.peerlink.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The truth about one message.
 *
 * @param id the message
 * @param sender who sent it
 * @param log where it stands in the routers' log
 * @param sentAt when it was accepted
 * @param expiresAt when it stops waiting
 * @param recipients one line per recipient, by name
 */
public record MessageStatus(
        MessageId id,
        String sender,
        LogPlace log,
        Instant sentAt,
        Instant expiresAt,
        List<RecipientStatus> recipients) {
    /** Copies the list. */
    public MessageStatus {
        recipients = List.copyOf(recipients);
    }

    /**
     * An entry of the routers' log; zeros if it was not noted.
     *
     * @param term of the leader that wrote it
     * @param index the same on every router
     */
    public record LogPlace(long term, long index) {}

    /** How far a message got at one recipient. */
    public enum State {
        /** Safe with the routers, not yet confirmed by the recipient. */
        SENT,
        /** Confirmed. */
        DELIVERED,
        /** Marked read. */
        READ,
        /** The recipient left the group before delivery. */
        LEFT,
        /** It waited too long. */
        EXPIRED
    }

    /**
     * One recipient.
     *
     * @param peer its name
     * @param state how far the message got
     * @param at since when
     * @param deliveredAt when it was confirmed, if it was
     */
    public record RecipientStatus(String peer, State state, Instant at, Optional<Instant> deliveredAt) {}
}
