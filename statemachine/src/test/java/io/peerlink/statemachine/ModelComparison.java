package io.peerlink.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.statemachine.Model.Entry;
import io.peerlink.statemachine.StateView.GroupRole;
import io.peerlink.statemachine.StateView.HistoryPage;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import io.peerlink.statemachine.StateView.InboxState;
import io.peerlink.statemachine.StateView.InvitationView;
import io.peerlink.statemachine.StateView.InviteView;
import io.peerlink.statemachine.StateView.MemberView;
import io.peerlink.statemachine.StateView.MessageStatus;
import io.peerlink.statemachine.StateView.MessagesView;
import io.peerlink.statemachine.StateView.PeerKeysView;
import io.peerlink.statemachine.StateView.PendingPage;
import io.peerlink.statemachine.StateView.PendingView;
import io.peerlink.statemachine.StateView.RecipientState;
import io.peerlink.statemachine.StateView.RecipientView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Asks the state machine everything that can be asked, in small pages, and compares with the model. */
final class ModelComparison {
    private static final int PAGE = 7;

    private final Model model;
    private final StateView view;

    ModelComparison(Model model, StateView view) {
        this.model = model;
        this.view = view;
    }

    void compareAll() {
        assertThat(view.clockMs()).isEqualTo(model.clockMs);
        model.peers.forEach((name, peer) -> {
            InboxState state = view.inboxState(name).orElseThrow();
            assertThat(state).isEqualTo(new InboxState(peer.confirmed, peer.inbox.size(), state.waitingBytes()));
            compareWaitingBytes(peer, state.waitingBytes());
            assertThat(view.peerKeys(name))
                    .contains(new PeerKeysView(
                            peer.key, peer.published.getEncryptionKey(), peer.published.getSignature()));
            compareInbox(name, peer);
            comparePending(name, peer);
            compareGroupsOf(name);
            compareDoors(name, peer);
            model.conversations.forEach((id, conversation) -> compareHistory(name, id, conversation));
        });
        model.groups.forEach(this::compareMembers);
        compareInvites();
        model.conversations.values().forEach(conversation -> conversation.messages.forEach(this::compareStatus));
    }

    /** Exact where nothing of the oldest row was confirmed; the others of a row count as if all were equally long. */
    private static void compareWaitingBytes(Model.Peer peer, long bytes) {
        if (peer.confirmed == peer.inbox.size() || peer.confirmed == 0) {
            assertThat(bytes)
                    .isEqualTo(peer.inbox.subList((int) peer.confirmed, peer.inbox.size()).stream()
                            .map(Entry::message)
                            .filter(Objects::nonNull)
                            .mapToLong(message -> message.request.getBodies(0).size())
                            .sum());
        }
        assertThat(bytes).isNotNegative();
    }

    private void compareInbox(String name, Model.Peer peer) {
        for (InboxFilter filter : InboxFilter.values()) {
            List<InboxEntry> expected = new ArrayList<>();
            for (int i = (int) peer.confirmed; i < peer.inbox.size(); i++) {
                Entry entry = peer.inbox.get(i);
                ModelMessage message = entry.message();
                if (entry.receipt() != null) {
                    expected.add(new InboxEntry.ReceiptEntry(i + 1L, entry.receipt()));
                } else if (message != null
                        && filter == InboxFilter.ALL
                        && stateOf(message, name) == RecipientState.SENT) {
                    expected.add(new InboxEntry.MessagesEntry(i + 1L, view(message)));
                }
            }
            List<InboxEntry> found = new ArrayList<>();
            long after = 0;
            InboxPage page;
            do {
                page = view.readInbox(name, after, filter, PAGE, 20);
                assertThat(page.upToSequence()).isGreaterThanOrEqualTo(after);
                assertThat(page.more()).isEqualTo(page.upToSequence() < peer.inbox.size());
                assertThat(page.deliveries()).isLessThanOrEqualTo(PAGE);
                found.addAll(Scenario.single(page.entries()));
                after = page.upToSequence();
            } while (page.more());
            assertThat(found).as("inbox of %s, %s", name, filter).isEqualTo(expected);
        }
    }

    private void comparePending(String name, Model.Peer peer) {
        for (Optional<String> sender : List.of(Optional.<String>empty(), Optional.of("p1"))) {
            List<PendingView> expected = new ArrayList<>();
            for (Entry entry : peer.inbox.subList((int) peer.confirmed, peer.inbox.size())) {
                ModelMessage message = entry.message();
                if (message != null
                        && stateOf(message, name) == RecipientState.SENT
                        && sender.map(message.sender::equals).orElse(true)) {
                    expected.add(new PendingView(message.conversation, message.sequence, message.sender));
                }
            }
            List<PendingView> oldest = expected.stream().limit(PAGE).toList();
            assertThat(view.pending(name, sender, PAGE, 100_000))
                    .isEqualTo(new PendingPage(expected.size(), false, oldest));
        }
    }

    private void compareGroupsOf(String name) {
        List<String> expected = new ArrayList<>();
        model.groups.forEach((id, group) -> {
            assertThat(view.isMember(id, name)).isEqualTo(group.members.containsKey(name));
            if (group.members.containsKey(name)) {
                expected.add(id);
            }
        });
        assertThat(view.groupsOf(name, "", 100)).isEqualTo(expected);
        assertThat(view.groupsOf(name, "g0", 1))
                .isEqualTo(expected.stream()
                        .filter(id -> !id.equals("g0"))
                        .limit(1)
                        .toList());
    }

    private void compareDoors(String name, Model.Peer peer) {
        assertThat(view.blockedBy(name, "", 100)).containsExactlyElementsOf(peer.blocked);
        assertThat(peer.blocked).allMatch(other -> view.isBlocked(name, other));
        assertThat(view.isBlocked(name, "nobody")).isFalse();
        Map<String, String> invitations = new TreeMap<>(peer.invitations);
        invitations.keySet().removeIf(group -> Objects.requireNonNull(model.groups.get(group)).deleted);
        assertThat(view.invitationsOf(name, "", 100).stream().map(InvitationView::group))
                .containsExactlyElementsOf(invitations.keySet());
        assertThat(view.invitationsOf(name, "", 100).stream().map(InvitationView::by))
                .containsExactlyElementsOf(invitations.values());
    }

    private void compareInvites() {
        List<InviteView> found = new ArrayList<>();
        List<InviteView> page;
        do {
            ByteString after = found.isEmpty()
                    ? ByteString.EMPTY
                    : found.get(found.size() - 1).hash();
            page = view.invites(after, 2);
            found.addAll(page);
        } while (page.size() == 2);
        assertThat(found.stream().map(invite -> invite.hash().toStringUtf8()))
                .containsExactlyElementsOf(model.access.codes.keySet());
        assertThat(found.stream()
                        .map(invite -> new ModelAccess.Code(invite.name(), invite.expiresAtMs(), invite.unlocks())))
                .containsExactlyElementsOf(model.access.codes.values());
    }

    private void compareMembers(String id, Model.Group group) {
        List<MemberView> expected = new ArrayList<>();
        if (group.deleted) {
            assertThat(view.members(id, "", 100)).isEmpty();
            return;
        }
        group.members.forEach((peer, since) -> {
            String role = String.valueOf(group.roles.get(peer)).replace("ROLE_", "");
            expected.add(new MemberView(peer, since, GroupRole.valueOf(role)));
        });
        assertThat(view.members(id, "", 100)).contains(expected);
    }

    private void compareHistory(String viewer, String id, Model.Conversation conversation) {
        Model.Group group = model.groups.get(id);
        boolean part = group != null
                ? group.everMembers.contains(viewer)
                : Conversations.sides(id).contains(viewer);
        if (!part) {
            assertThat(view.history(viewer, id, 0, PAGE)).isEmpty();
            return;
        }
        List<MessagesView> expected = conversation.messages.stream()
                .filter(message -> !message.trimmed && message.viewers.contains(viewer))
                .map(ModelComparison::view)
                .toList();
        List<MessagesView> found = new ArrayList<>();
        long before = 0;
        HistoryPage page;
        do {
            page = view.history(viewer, id, before, PAGE).orElseThrow();
            found.addAll(0, page.messages());
            before = found.isEmpty() ? 0 : found.get(0).firstSequence();
        } while (page.more());
        assertThat(found).as("history of %s for %s", id, viewer).isEqualTo(expected);
    }

    private void compareStatus(ModelMessage message) {
        for (String viewer : model.peers.keySet()) {
            var found = view.status(viewer, message.conversation, message.sequence, false, "", 100);
            boolean sees = message.sender.equals(viewer) || message.recipients.containsKey(viewer);
            if (message.trimmed || !sees) {
                assertThat(found).isEmpty();
                continue;
            }
            List<RecipientView> recipients = new ArrayList<>();
            message.recipients.forEach((peer, recipient) -> recipients.add(
                    new RecipientView(peer, recipient.state, recipient.atMs, recipient.deliveredAtMs())));
            assertThat(found)
                    .as("status of %s/%d", message.conversation, message.sequence)
                    .contains(new MessageStatus(
                            message.sender, position(found), message.sentAtMs, message.expiresAtMs, recipients, false));
            List<RecipientView> lacking = recipients.stream()
                    .filter(recipient -> recipient.state() == RecipientState.SENT
                            && recipient.peer().compareTo("p1") > 0)
                    .toList();
            assertThat(view.status(viewer, message.conversation, message.sequence, true, "p1", 1))
                    .contains(new MessageStatus(
                            message.sender,
                            position(found),
                            message.sentAtMs,
                            message.expiresAtMs,
                            lacking.stream().limit(1).toList(),
                            lacking.size() > 1));
        }
    }

    /** The model knows no log; the position is compared by a test of its own. */
    private static LogPosition position(Optional<MessageStatus> found) {
        return found.orElseThrow().position();
    }

    private static RecipientState stateOf(ModelMessage message, String peer) {
        return Optional.ofNullable(message.recipients.get(peer)).orElseThrow().state;
    }

    private static MessagesView view(ModelMessage message) {
        return new MessagesView(
                message.conversation,
                message.sequence,
                message.sender,
                message.sentAtMs,
                message.expiresAtMs,
                message.request.getContentType(),
                message.request.getBodiesList());
    }
}
