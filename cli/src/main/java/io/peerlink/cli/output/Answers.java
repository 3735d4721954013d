package io.peerlink.cli.output;

import io.peerlink.client.GroupMember;
import io.peerlink.client.HistoryPage;
import io.peerlink.client.MessageStatus;
import io.peerlink.client.PendingMessages;
import java.util.List;

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

    /** One row per waiting message, oldest first. */
    public static Table pending(PendingMessages pending) {
        return new Table(
                List.of("id", "sender"),
                pending.oldest().stream()
                        .map(entry -> List.<Object>of(entry.id().toString(), entry.sender()))
                        .toList());
    }

    /** One row per message, oldest first. */
    public static Table history(HistoryPage page) {
        return new Table(
                List.of("id", "sent_at", "sender", "text"),
                page.messages().stream()
                        .map(message -> List.<Object>of(
                                message.id().toString(), message.sentAt(), message.from(), message.text()))
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
                List.of("peer", "since"),
                members.stream()
                        .map(member -> List.<Object>of(member.peer(), member.since()))
                        .toList());
    }
}
