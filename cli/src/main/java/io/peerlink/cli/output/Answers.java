package io.peerlink.cli.output;

import io.peerlink.client.Encryption;
import io.peerlink.client.GroupInvitation;
import io.peerlink.client.GroupMember;
import io.peerlink.client.HistoryPage;
import io.peerlink.client.MessageStatus;
import io.peerlink.client.PeerKeys;
import io.peerlink.client.PendingMessages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Answers to questions as tables; the same for the shell and for one-shot commands. */
public final class Answers {
    private Answers() {}

    /** One row per recipient. */
    public static Table status(MessageStatus status) {
        return new Table(
                List.of("peer", "state", "at"),
                status.recipients().stream()
                        .map(recipient -> List.<Object>of(
                                recipient.peer(), recipient.state().name(), recipient.at()))
                        .toList());
    }

    /** What happened to a message, in the order of time; what is still to come is not there. */
    public static Table trace(MessageStatus status) {
        List<List<Object>> events = new ArrayList<>();
        MessageStatus.LogPlace log = status.log();
        events.add(List.of(
                status.sentAt(),
                "sent",
                status.sender(),
                log.index() == 0 ? "" : "log index " + log.index() + ", term " + log.term()));
        for (MessageStatus.RecipientStatus recipient : status.recipients()) {
            recipient.deliveredAt().ifPresent(at -> events.add(List.of(at, "delivered", recipient.peer(), "")));
            switch (recipient.state()) {
                case SENT -> events.add(List.of(status.expiresAt(), "expires", recipient.peer(), "waits until then"));
                case READ, LEFT, EXPIRED ->
                    events.add(List.of(
                            recipient.at(),
                            recipient.state().name().toLowerCase(Locale.ROOT),
                            recipient.peer(),
                            recipient.state() == MessageStatus.State.LEFT ? "the group, before delivery" : ""));
                // Its line is there.
                case DELIVERED -> {}
            }
        }
        events.sort(Comparator.comparing(event -> (Instant) event.get(0)));
        return new Table(List.of("at", "what", "peer", "detail"), events);
    }

    /** One row per waiting message, oldest first. */
    public static Table pending(PendingMessages pending) {
        return new Table(
                List.of("id", "sender"),
                pending.oldest().stream()
                        .map(entry -> List.<Object>of(entry.id().toString(), entry.sender()))
                        .toList());
    }

    /** One row per message, oldest first; where any is sealed, with a column that tells which. */
    public static Table history(HistoryPage page) {
        boolean sealed = page.messages().stream().anyMatch(message -> message.encryption() != Encryption.NONE);
        if (sealed) {
            return new Table(
                    List.of("id", "sent_at", "sender", "encryption", "text"),
                    page.messages().stream()
                            .map(message -> List.<Object>of(
                                    message.id().toString(),
                                    message.sentAt(),
                                    message.from(),
                                    message.encryption().name(),
                                    message.text()))
                            .toList());
        }
        return new Table(
                List.of("id", "sent_at", "sender", "text"),
                page.messages().stream()
                        .map(message -> List.<Object>of(
                                message.id().toString(), message.sentAt(), message.from(), message.text()))
                        .toList());
    }

    /** A peer's keys: for people a row for each thing to know, for programs one. */
    public static Table keys(PeerKeys keys, OutputFormat format) {
        String remembered = keys.remembered()
                .map(known -> keys.isChanged() ? "another key: " + known : "yes")
                .orElse("no, not met yet");
        List<String> names = List.of("peer", "fingerprint", "remembered", "receives_sealed", "safety_number");
        List<Object> values =
                List.of(keys.peer(), keys.fingerprint(), remembered, keys.receivesSealed(), keys.safetyNumber());
        return format == OutputFormat.JSON
                ? new Table(names, List.of(values))
                : new Table(
                        List.of("what", "value"),
                        IntStream.range(0, names.size())
                                .mapToObj(i -> List.<Object>of(names.get(i), values.get(i)))
                                .toList());
    }

    /** One row per group. */
    public static Table groups(List<String> groups) {
        return new Table(
                List.of("group"),
                groups.stream().map(group -> List.<Object>of(group)).toList());
    }

    /** One row per member. */
    public static Table members(List<GroupMember> members) {
        return new Table(
                List.of("peer", "since", "role"),
                members.stream()
                        .map(member -> List.<Object>of(
                                member.peer(),
                                member.since(),
                                member.role().name().toLowerCase(Locale.ROOT)))
                        .toList());
    }

    /** One row per group that one may join. */
    public static Table invitations(List<GroupInvitation> invitations) {
        return new Table(
                List.of("group", "invited_by", "at"),
                invitations.stream()
                        .map(invitation -> List.<Object>of(invitation.group(), invitation.by(), invitation.at()))
                        .toList());
    }

    /** One row per peer. */
    public static Table blocked(List<String> peers) {
        return new Table(
                List.of("peer"),
                peers.stream().map(peer -> List.<Object>of(peer)).toList());
    }
}
