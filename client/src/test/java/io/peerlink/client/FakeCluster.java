package io.peerlink.client;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.AcceptedSends;
import io.peerlink.protocol.v1.Delivery;
import io.peerlink.protocol.v1.Done;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.PublishKeys;
import io.peerlink.protocol.v1.Receipt;
import io.peerlink.protocol.v1.ReceiptKind;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The committed state that scripted routers share: what a real cluster replicates. Guarded by itself. */
final class FakeCluster {
    static final String ID = "cluster-1";

    final Map<String, ByteString> keys = new ConcurrentHashMap<>();
    final Map<String, PublishKeys> published = new ConcurrentHashMap<>();
    final Map<Long, List<OutcomeRun>> outcomes = new HashMap<>();
    final List<String> accepted = new ArrayList<>();
    final List<Request> carriedOut = new ArrayList<>();
    final List<Delivery> inbox = new ArrayList<>();
    long cursor;
    /** So many requests behind the first of an incarnation get SEQUENCE_GAP, whether there is a hole or not. */
    int gaps;

    private long incarnations;
    private long messages;

    synchronized long openIncarnation() {
        incarnations++;
        outcomes.put(incarnations, new ArrayList<>());
        return incarnations;
    }

    synchronized void forgetIncarnations() {
        outcomes.clear();
    }

    synchronized boolean knows(long incarnation) {
        return outcomes.containsKey(incarnation);
    }

    synchronized long lastSequence(long incarnation) {
        return outcomes.getOrDefault(incarnation, List.of()).size();
    }

    /** Carries a request out once; again: the first outcome. */
    synchronized OutcomeRun carryOut(long incarnation, long sequence, Request request) {
        List<OutcomeRun> known = outcomes.computeIfAbsent(incarnation, number -> new ArrayList<>());
        if (sequence <= known.size()) {
            return known.get((int) sequence - 1);
        }
        OutcomeRun.Builder run =
                OutcomeRun.newBuilder().setFirstSequence(sequence).setCount(1);
        if (sequence > known.size() + 1 || (sequence > 1 && gaps-- > 0)) {
            return run.setRefused(error(io.peerlink.protocol.v1.ErrorCode.SEQUENCE_GAP, "a hole"))
                    .build();
        }
        carriedOut.add(request);
        if (!request.hasSend()) {
            run.setDone(Done.newBuilder().setSubject(subject(request)).setAtMs(7));
        } else if (request.getSend().getTo().equals("nobody")) {
            run.setRefused(error(io.peerlink.protocol.v1.ErrorCode.UNKNOWN_NAME, "no such name"));
        } else {
            accepted.add(request.getSend().getBodies(0).toStringUtf8());
            messages++;
            run.setSent(AcceptedSends.newBuilder()
                    .setConversation("alice~bob")
                    .setFirstMessageSequence(messages)
                    .setSentAtMs(1_000)
                    .setRecipients(1));
        }
        known.add(run.build());
        return run.build();
    }

    /** A request for each sequence that they take. */
    static List<Request> single(Requests requests) {
        List<Request> single = new ArrayList<>();
        for (Request request : requests.getRequestsList()) {
            if (request.getSend().getBodiesCount() <= 1) {
                single.add(request);
            }
            for (int i = 0;
                    request.getSend().getBodiesCount() > 1
                            && i < request.getSend().getBodiesCount();
                    i++) {
                Request.Builder one = request.toBuilder();
                one.getSendBuilder().clearBodies().addBodies(request.getSend().getBodies(i));
                single.add(one.build());
            }
        }
        return single;
    }

    private static String subject(Request request) {
        return switch (request.getKindCase()) {
            case CREATE_GROUP -> request.getCreateGroup().getGroup();
            case JOIN_GROUP -> request.getJoinGroup().getGroup();
            case LEAVE_GROUP -> request.getLeaveGroup().getGroup();
            case MARK_READ -> request.getMarkRead().getConversation();
            case CHANGE_GROUP -> request.getChangeGroup().getGroup();
            case SET_BLOCKED -> request.getSetBlocked().getPeer();
            case SEND, PUBLISH_KEYS, KIND_NOT_SET -> "";
        };
    }

    synchronized long addMessage(String from, String text) {
        long sequence = inbox.size() + 1L;
        inbox.add(Delivery.newBuilder()
                .setInboxSequence(sequence)
                .setMessages(Messages.newBuilder()
                        .setConversation("alice~" + from)
                        .setFirstSequence(sequence)
                        .setSender(from)
                        .setSentAtMs(5)
                        .addBodies(ByteString.copyFromUtf8(text)))
                .build());
        return sequence;
    }

    /** To whoever subscribes. */
    synchronized void add(Messages messages) {
        inbox.add(Delivery.newBuilder()
                .setInboxSequence(inbox.size() + 1L)
                .setMessages(messages)
                .build());
    }

    synchronized List<Request> carriedOut() {
        return List.copyOf(carriedOut);
    }

    synchronized void addReceipt(ReceiptKind kind, String peer, long from, long upTo) {
        inbox.add(Delivery.newBuilder()
                .setInboxSequence(inbox.size() + 1L)
                .setReceipt(Receipt.newBuilder()
                        .setKind(kind)
                        .setPeer(peer)
                        .setConversation("alice~" + peer)
                        .setFromSequence(from)
                        .setUpToSequence(upTo)
                        .setAtMs(9))
                .build());
    }

    synchronized List<Delivery> inboxAfter(long sequence, int limit) {
        int from = (int) Math.max(sequence, cursor);
        return List.copyOf(
                inbox.subList(Math.min(from, inbox.size()), Math.min(inbox.size(), Math.max(from, from + limit))));
    }

    synchronized void confirm(long sequence) {
        cursor = Math.max(cursor, sequence);
    }

    synchronized long cursor() {
        return cursor;
    }

    synchronized List<String> accepted() {
        return List.copyOf(accepted);
    }

    static Error error(io.peerlink.protocol.v1.ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }
}
