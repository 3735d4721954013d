package io.peerlink.statemachine;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.MarkRead;
import io.peerlink.log.v1.OpenSession;
import io.peerlink.log.v1.PublishKeys;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Outcome.RequestRun;
import io.peerlink.statemachine.StateView.ReceiptView;
import io.peerlink.statemachine.StateView.RecipientState;
import io.peerlink.statemachine.state.SessionLedger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the state machine should do, said a second time and without tables: every message keeps the state of every
 * recipient in memory. Slow and simple on purpose. Outcomes have one run per request.
 */
final class Model {
    final Map<String, Peer> peers = new TreeMap<>();
    final Map<String, Group> groups = new TreeMap<>();
    final Map<String, Conversation> conversations = new TreeMap<>();
    final ModelAccess access = new ModelAccess(this);
    private final ModelGroups changes = new ModelGroups(this);
    long clockMs;
    private long entries;
    /** Whether a request brought something already: then the rest of what it brings may go beyond the limit. */
    private boolean admitted;

    /** A registered peer; inbox entry n is {@code inbox.get(n - 1)}. */
    static final class Peer {
        ByteString key;
        final List<Entry> inbox = new ArrayList<>();
        final Map<Long, Session> sessions = new TreeMap<>();
        long incarnations;
        long confirmed;
        PublishKeys published = PublishKeys.getDefaultInstance();
        final TreeSet<String> blocked = new TreeSet<>();
        /** Group to who invited. */
        final Map<String, String> invitations = new TreeMap<>();

        ByteString unlock = ByteString.EMPTY;
        int keyChanges;

        Peer(ByteString key) {
            this.key = key;
        }

        void setKey(ByteString next) {
            key = next;
            keyChanges++;
            unlock = ByteString.EMPTY;
            published = PublishKeys.getDefaultInstance();
        }
    }

    /** Either a message or a receipt. */
    record Entry(@Nullable ModelMessage message, @Nullable ReceiptView receipt) {}

    /** One incarnation. */
    static final class Session {
        final Map<Long, Settled> settled = new TreeMap<>();
        long last;
        long lowest = 1;
        long usedAtMs;
        int keyChanges;
    }

    record Settled(Request request, RequestResult result) {}

    /** A group: members with the time they joined. */
    static final class Group {
        final Map<String, Long> members = new TreeMap<>();
        final TreeSet<String> everMembers = new TreeSet<>();
        final Map<String, Integer> joins = new TreeMap<>();
        final Map<String, Role> roles = new TreeMap<>();
        final TreeSet<String> banned = new TreeSet<>();
        final boolean isPrivate;
        boolean deleted;

        Group(boolean isPrivate) {
            this.isPrivate = isPrivate;
        }
    }

    /** A conversation; message n is {@code messages.get(n - 1)}. */
    static final class Conversation {
        final List<ModelMessage> messages = new ArrayList<>();
        final Map<String, Long> delivered = new TreeMap<>();
        final Map<String, Long> read = new TreeMap<>();

        ModelMessage.@Nullable Run openRun;
    }

    ApplyResult apply(Batch batch) {
        clockMs = Math.max(clockMs, batch.getTimeMs());
        entries++;
        Map<String, Integer> heads = new TreeMap<>();
        Map<String, Long> cursors = new TreeMap<>();
        peers.forEach((name, peer) -> {
            heads.put(name, peer.inbox.size());
            cursors.put(name, peer.confirmed);
        });
        conversations.values().forEach(conversation -> conversation.openRun = null);
        List<Outcome> outcomes = new ArrayList<>();
        for (Command command : batch.getCommandsList()) {
            outcomes.add(apply(command));
        }
        List<Effect> effects = new ArrayList<>();
        peers.forEach((name, peer) -> {
            if (peer.inbox.size() > heads.getOrDefault(name, 0)) {
                effects.add(new Effect.InboxAppended(name, peer.inbox.size()));
            }
            if (peer.confirmed > cursors.getOrDefault(name, 0L)) {
                effects.add(new Effect.CursorMoved(name, peer.confirmed));
            }
        });
        return new ApplyResult(outcomes, effects);
    }

    private Outcome apply(Command command) {
        return switch (command.getKindCase()) {
            case REGISTER_PEER -> access.register(command.getRegisterPeer());
            case OPEN_SESSION -> open(command.getOpenSession());
            case CLOSE_SESSION -> {
                Peer peer = peers.get(command.getCloseSession().getPeer());
                if (peer != null) {
                    peer.sessions.remove(command.getCloseSession().getIncarnation());
                }
                yield new Outcome.SessionClosed();
            }
            case ROTATE_KEY -> access.rotate(command.getRotateKey());
            case CREATE_INVITE -> access.invite(command.getCreateInvite());
            case REVOKE_INVITE -> access.revoke(command.getRevokeInvite());
            case LOCK_PEER -> access.lock(command.getLockPeer());
            case SESSION_REQUESTS -> requests(command.getSessionRequests());
            case ADVANCE_CURSOR -> advance(command.getAdvanceCursor());
            case COMPARE_STATE -> new Outcome.Compared();
            case TICK -> new ModelTick(this).apply(command.getTick());
            case KIND_NOT_SET -> throw new IllegalArgumentException("empty command");
        };
    }

    private Outcome open(OpenSession command) {
        Peer peer = peers.get(command.getPeer());
        if (peer == null) {
            return new Outcome.Refused(Rejection.NOT_REGISTERED);
        }
        if (peer.key.isEmpty() || !peer.key.equals(command.getPublicKey())) {
            return new Outcome.Refused(Rejection.WRONG_KEY);
        }
        long incarnation = command.getResumeIncarnation();
        if (incarnation == 0) {
            incarnation = ++peer.incarnations;
            peer.sessions.put(incarnation, new Session());
        }
        Session session = peer.sessions.get(incarnation);
        if (session == null) {
            return new Outcome.Refused(Rejection.UNKNOWN_INCARNATION);
        }
        session.usedAtMs = clockMs;
        session.keyChanges = peer.keyChanges;
        return new Outcome.SessionOpened(incarnation, session.last, peer.confirmed, peer.inbox.size());
    }

    private Outcome requests(SessionRequests command) {
        Peer peer = peers.get(command.getPeer());
        Session session = peer == null ? null : peer.sessions.get(command.getIncarnation());
        if (session == null) {
            return new Outcome.Refused(Rejection.UNKNOWN_INCARNATION);
        }
        if (session.keyChanges != peer(command.getPeer()).keyChanges) {
            return new Outcome.Refused(Rejection.WRONG_KEY);
        }
        if (clockMs - session.usedAtMs >= SessionLedger.USE_STEP_MS) {
            session.usedAtMs = clockMs;
        }
        session.lowest = Math.max(session.lowest, Math.min(command.getLowestUnsettled(), session.last + 1));
        List<RequestRun> runs = new ArrayList<>();
        long sequence = command.getFirstSequence();
        for (Request requests : command.getRequestsList()) {
            admitted = false;
            for (Request request : Commands.single(requests)) {
                runs.add(new RequestRun(sequence, 1, settle(command.getPeer(), session, sequence, request)));
                sequence++;
            }
        }
        return new Outcome.Settled(runs);
    }

    private RequestResult settle(String peer, Session session, long sequence, Request request) {
        if (sequence < session.lowest) {
            return new RequestResult.Refused(Rejection.SEQUENCE_FORGOTTEN);
        }
        if (sequence > session.last + 1) {
            return new RequestResult.Refused(Rejection.SEQUENCE_GAP);
        }
        Settled before = session.settled.get(sequence);
        if (before != null) {
            boolean same = before.request().getChecksumsList().equals(request.getChecksumsList());
            return same ? before.result() : new RequestResult.Refused(Rejection.SEQUENCE_CONFLICT);
        }
        RequestResult result = execute(peer, request);
        session.last = sequence;
        session.settled.put(sequence, new Settled(request, result));
        return result;
    }

    private RequestResult execute(String peer, Request request) {
        Object result = switch (request.getKindCase()) {
            case SEND_MESSAGE -> send(peer, request.getSendMessage());
            case CREATE_GROUP -> changes.create(peer, request.getCreateGroup());
            case JOIN_GROUP -> changes.join(peer, request.getJoinGroup().getGroup());
            case LEAVE_GROUP -> changes.leave(peer, request.getLeaveGroup().getGroup());
            case CHANGE_GROUP -> changes.change(peer, request.getChangeGroup());
            case SET_BLOCKED -> access.setBlocked(peer, request.getSetBlocked());
            case MARK_READ -> markRead(peer, request.getMarkRead());
            case PUBLISH_KEYS -> {
                peer(peer).published = request.getPublishKeys();
                yield peer;
            }
            case REFUSED -> Rejection.of(request.getRefused().getRejection()).orElseThrow();
            case KIND_NOT_SET -> Rejection.BAD_REQUEST;
        };
        if (result instanceof Rejection rejection) {
            return new RequestResult.Refused(rejection);
        }
        return result instanceof String subject ? new RequestResult.Done(subject, clockMs) : (RequestResult) result;
    }

    private Object send(String sender, SendMessage request) {
        String to = request.getTo();
        Group group = groups.get(to);
        if (group == null && (!peers.containsKey(to) || peer(to).blocked.contains(sender))) {
            return Rejection.UNKNOWN_NAME;
        }
        if (group != null && group.deleted) {
            return Rejection.UNKNOWN_NAME;
        }
        if (group != null && !group.members.containsKey(sender)) {
            return Rejection.NOT_A_MEMBER;
        }
        if (group != null && group.roles.get(sender) == Role.ROLE_READER) {
            return Rejection.READ_ONLY;
        }
        if (group == null && !admitted && isFull(peer(to), request)) {
            return Rejection.INBOX_FULL;
        }
        admitted = true;
        String pair = sender.compareTo(to) < 0 ? sender + "~" + to : to + "~" + sender;
        String id = group != null ? to : pair;
        Conversation conversation = conversations.computeIfAbsent(id, any -> new Conversation());
        ModelMessage.Run run = conversation.openRun;
        if (run == null) {
            run = new ModelMessage.Run(id, conversation.messages.size() + 1L, entries, clockMs);
            conversation.openRun = run;
        }
        ModelMessage message = new ModelMessage(run, sender, clockMs, request);
        run.messages.add(message);
        conversation.messages.add(message);
        message.viewers.add(sender);
        for (String peer : group == null ? List.of(to) : group.members.keySet()) {
            message.viewers.add(peer);
            if (group == null || !peer.equals(sender)) {
                int membership = group == null ? 0 : group.joins.getOrDefault(peer, 0);
                message.recipients.put(peer, new ModelMessage.Recipient(membership, clockMs));
                peer(peer).inbox.add(new Entry(message, null));
            }
        }
        return new RequestResult.Sent(id, message.sequence, clockMs, message.recipients.size());
    }

    private static boolean isFull(Peer peer, SendMessage request) {
        List<Entry> waiting = peer.inbox.subList((int) peer.confirmed, peer.inbox.size());
        long bytes = waiting.stream()
                .map(Entry::message)
                .filter(Objects::nonNull)
                .mapToLong(message -> message.request.getBodies(0).size())
                .sum();
        return (request.getInboxMax() != 0 && waiting.size() >= request.getInboxMax())
                || (request.getInboxBytesMax() != 0 && bytes >= request.getInboxBytesMax());
    }

    private Outcome advance(AdvanceCursor command) {
        Peer peer = peers.get(command.getPeer());
        if (peer == null) {
            return new Outcome.Refused(Rejection.NOT_REGISTERED);
        }
        if (command.getInboxSequence() > peer.inbox.size()) {
            return new Outcome.Refused(Rejection.CURSOR_BEYOND_HEAD);
        }
        Map<String, List<ModelMessage>> passed = new TreeMap<>();
        while (peer.confirmed < command.getInboxSequence()) {
            peer.confirmed++;
            ModelMessage message = peer.inbox.get((int) peer.confirmed - 1).message();
            ModelMessage.Recipient recipient = message == null ? null : message.recipients.get(command.getPeer());
            if (message != null && recipient != null && recipient.state == RecipientState.SENT) {
                recipient.become(RecipientState.DELIVERED, clockMs);
                conversation(message.conversation).delivered.put(command.getPeer(), message.sequence);
                passed.computeIfAbsent(message.conversation, any -> new ArrayList<>())
                        .add(message);
            }
        }
        passed.values().forEach(messages -> tell(RecipientState.DELIVERED, command.getPeer(), messages));
        return new Outcome.CursorAdvanced(peer.confirmed);
    }

    private Object markRead(String reader, MarkRead request) {
        String id = request.getConversation();
        Group group = groups.get(id);
        boolean part = group != null
                ? group.everMembers.contains(reader)
                : Conversations.otherSide(id, reader).isPresent();
        Conversation conversation = conversations.get(id);
        if (!part || conversation == null) {
            return Rejection.UNKNOWN_CONVERSATION;
        }
        long delivered = conversation.delivered.getOrDefault(reader, 0L);
        long upTo = request.getUpToSequence() == 0 ? delivered : request.getUpToSequence();
        if (upTo > delivered) {
            return Rejection.NOT_DELIVERED;
        }
        if (upTo > conversation.read.getOrDefault(reader, 0L)) {
            conversation.read.put(reader, upTo);
            conversation.openRun = null;
            Map<Integer, List<ModelMessage>> byMembership = new TreeMap<>();
            for (ModelMessage message : conversation.messages.subList(0, (int) upTo)) {
                ModelMessage.Recipient recipient = message.recipients.get(reader);
                if (recipient != null && recipient.state == RecipientState.DELIVERED && !message.trimmed) {
                    recipient.become(RecipientState.READ, clockMs);
                    byMembership
                            .computeIfAbsent(recipient.membership, any -> new ArrayList<>())
                            .add(message);
                }
            }
            byMembership.values().forEach(messages -> tell(RecipientState.READ, reader, messages));
        }
        return id;
    }

    /** One receipt per sender, from its first to its last message of the list. */
    void tell(RecipientState state, String peer, Collection<ModelMessage> messages) {
        Map<String, ReceiptView> receipts = new TreeMap<>();
        for (ModelMessage message : messages) {
            ReceiptView before = receipts.get(message.sender);
            long from = before == null ? message.sequence : before.fromSequence();
            receipts.put(
                    message.sender,
                    new ReceiptView(state, peer, message.conversation, from, message.sequence, clockMs));
        }
        receipts.forEach((sender, receipt) -> peer(sender).inbox.add(new Entry(null, receipt)));
    }

    Peer peer(String name) {
        Peer peer = peers.get(name);
        if (peer == null) {
            throw new IllegalStateException("model has no peer " + name);
        }
        return peer;
    }

    Conversation conversation(String id) {
        return conversations.computeIfAbsent(id, any -> new Conversation());
    }
}
