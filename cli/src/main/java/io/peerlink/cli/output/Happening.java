package io.peerlink.cli.output;

import io.peerlink.cli.Failure;
import io.peerlink.client.Encryption;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import java.time.Instant;
import java.util.Optional;

/** Something that a user is told while it happens. */
public sealed interface Happening {
    /**
     * A message came in.
     *
     * @param again whether it is known that it was here before
     * @param text empty if it is sealed and cannot be read
     */
    record Received(
            MessageId id,
            String sender,
            Optional<String> group,
            Instant sentAt,
            Encryption encryption,
            boolean again,
            String text)
            implements Happening {
        public static Received of(IncomingMessage message) {
            return new Received(
                    message.id(),
                    message.from(),
                    message.group(),
                    message.sentAt(),
                    message.encryption(),
                    message.redelivered(),
                    message.text());
        }
    }

    /** A message of ours is safe on a majority. */
    record Sent(MessageId id, String to, int recipients) implements Happening {}

    /** One recipient's state of one message of ours changed. */
    record StateChanged(MessageId id, Receipt.Kind kind, String peer, Instant at) implements Happening {}

    record Registered(String name) implements Happening {}

    record GroupCreated(String group) implements Happening {}

    record Joined(String group) implements Happening {}

    record Left(String group) implements Happening {}

    /**
     * Something was done to a group or a peer.
     *
     * @param what past tense, as in "invited"
     * @param whom a peer; empty if it is about the group as a whole
     * @param group empty if it is about a peer alone
     */
    record Changed(String what, String whom, String group) implements Happening {
        @Override
        public String toString() {
            String object = whom.isEmpty() ? group : whom;
            String place = whom.isEmpty() || group.isEmpty() ? "" : " (" + group + ")";
            return what + " " + object + place;
        }
    }

    /** A conversation was marked read by us. */
    record MarkedRead(String conversation) implements Happening {}

    /** Another peer's key is the one that counts here from now on. */
    record KeyAccepted(String peer, String fingerprint) implements Happening {}

    record Failed(Failure failure) implements Happening {}
}
