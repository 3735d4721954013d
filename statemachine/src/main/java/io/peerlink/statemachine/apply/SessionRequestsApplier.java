package io.peerlink.statemachine.apply;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.SessionLedger;
import java.util.List;

/**
 * Carries out the requests of one session in sequence order, each exactly once: a repeat gets the outcome that the first
 * try had.
 */
final class SessionRequestsApplier {
    /**
     * Outcomes that a session may ask for again, whatever it says is settled: more than may be without one on a stream, by any
     * router's configuration. Else one that never says so would keep them all until it is forgotten.
     */
    private static final long OUTCOMES_MAX = 100_000;

    private final EntryState state;
    private final SendMessageApplier sendMessage;
    private final CreateGroupApplier createGroup;
    private final JoinGroupApplier joinGroup;
    private final LeaveGroupApplier leaveGroup;
    private final MarkReadApplier markRead;
    private final PublishKeysApplier publishKeys;
    private final ChangeGroupApplier changeGroup;
    private final SetBlockedApplier setBlocked;

    SessionRequestsApplier(EntryState state) {
        this.state = state;
        sendMessage = new SendMessageApplier(state);
        createGroup = new CreateGroupApplier(state);
        joinGroup = new JoinGroupApplier(state);
        leaveGroup = new LeaveGroupApplier(state);
        markRead = new MarkReadApplier(state);
        publishKeys = new PublishKeysApplier(state);
        changeGroup = new ChangeGroupApplier(state, leaveGroup);
        setBlocked = new SetBlockedApplier(state);
    }

    Outcome apply(SessionRequests command) {
        SessionLedger ledger = state.sessions().find(command.getPeer(), command.getIncarnation());
        if (ledger == null) {
            return new Outcome.Refused(Rejection.UNKNOWN_INCARNATION);
        }
        PeerRecord peer = state.peers().find(command.getPeer());
        if (peer == null || peer.getKeyChanges() != ledger.keyChanges()) {
            // What was on its way when the key was taken away comes too late.
            return new Outcome.Refused(Rejection.WRONG_KEY);
        }
        ledger.use(state.clockMs(), state.dueWork());
        ledger.settleBelow(command.getLowestUnsettled());
        RequestRuns runs = new RequestRuns();
        long sequence = command.getFirstSequence();
        for (Request request : command.getRequestsList()) {
            List<Integer> checksums = checksums(request);
            settle(ledger, sequence, request, checksums, runs);
            sequence += checksums.size();
        }
        if (state.entry().isOf(5)) {
            ledger.settleBelow(Math.max(1, ledger.lastSequence() - OUTCOMES_MAX));
        }
        return new Outcome.Settled(runs.finish());
    }

    /** A request with several sequences may be a repeat at first and new from one of them on. */
    private void settle(
            SessionLedger ledger, long firstSequence, Request request, List<Integer> checksums, RequestRuns runs) {
        for (int i = 0; i < checksums.size(); i++) {
            long sequence = firstSequence + i;
            if (sequence == ledger.lastSequence() + 1) {
                RequestResult result = execute(ledger.peer(), request, i);
                List<Integer> settled = from(i, checksums);
                ledger.record(result, settled, state.clockMs());
                runs.add(sequence, settled.size(), result);
                return;
            }
            runs.add(sequence, 1, answer(ledger, sequence, checksums.get(i)));
        }
    }

    /** Of a sequence that is not the next one. */
    private static RequestResult answer(SessionLedger ledger, long sequence, int checksum) {
        if (Long.compareUnsigned(sequence, ledger.lastSequence() + 1) > 0) {
            return new RequestResult.Refused(Rejection.SEQUENCE_GAP);
        }
        if (sequence < ledger.lowestUnsettled()) {
            return new RequestResult.Refused(Rejection.SEQUENCE_FORGOTTEN);
        }
        SessionLedger.Recalled recalled = ledger.recall(sequence);
        return recalled.checksum() == checksum
                ? recalled.result()
                : new RequestResult.Refused(Rejection.SEQUENCE_CONFLICT);
    }

    /** Format 1 left out a checksum of 0. */
    private static List<Integer> checksums(Request request) {
        List<Integer> checksums = request.getChecksumsCount() == 0 ? List.of(0) : request.getChecksumsList();
        if (request.hasSendMessage() && bodies(request.getSendMessage()).size() != checksums.size()) {
            throw new IllegalStateException("a send with another number of bodies than of checksums");
        }
        return checksums;
    }

    /** Format 1 left out an empty body. */
    private static List<ByteString> bodies(SendMessage send) {
        return send.getBodiesCount() == 0 ? List.of(ByteString.EMPTY) : send.getBodiesList();
    }

    private static <T> List<T> from(int first, List<T> all) {
        return first == 0 ? all : all.subList(first, all.size());
    }

    private RequestResult execute(String peer, Request request, int from) {
        return switch (request.getKindCase()) {
            case SEND_MESSAGE ->
                sendMessage.apply(peer, request.getSendMessage(), from(from, bodies(request.getSendMessage())));
            case CREATE_GROUP -> createGroup.apply(peer, request.getCreateGroup());
            case JOIN_GROUP -> joinGroup.apply(peer, request.getJoinGroup());
            case LEAVE_GROUP -> leaveGroup.apply(peer, request.getLeaveGroup());
            case MARK_READ -> markRead.apply(peer, request.getMarkRead());
            case PUBLISH_KEYS -> publishKeys.apply(peer, request.getPublishKeys());
            case CHANGE_GROUP -> changeGroup.apply(peer, request.getChangeGroup());
            case SET_BLOCKED -> setBlocked.apply(peer, request.getSetBlocked());
            // A number from a later version still refuses; which words it had does not matter here.
            case REFUSED ->
                new RequestResult.Refused(
                        Rejection.of(request.getRefused().getRejection()).orElse(Rejection.BAD_REQUEST));
            case KIND_NOT_SET -> new RequestResult.Refused(Rejection.BAD_REQUEST);
        };
    }
}
