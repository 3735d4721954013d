package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.SessionLedger;

/**
 * Carries out the requests of one session in sequence order, each exactly once: a repeat gets the outcome that the first
 * try had.
 */
final class SessionRequestsApplier {
    private final EntryState state;
    private final SendMessageApplier sendMessage;
    private final CreateGroupApplier createGroup;
    private final JoinGroupApplier joinGroup;
    private final LeaveGroupApplier leaveGroup;
    private final MarkReadApplier markRead;

    SessionRequestsApplier(EntryState state) {
        this.state = state;
        sendMessage = new SendMessageApplier(state);
        createGroup = new CreateGroupApplier(state);
        joinGroup = new JoinGroupApplier(state);
        leaveGroup = new LeaveGroupApplier(state);
        markRead = new MarkReadApplier(state);
    }

    Outcome apply(SessionRequests command) {
        SessionLedger ledger = state.sessions().find(command.getPeer(), command.getIncarnation());
        if (ledger == null) {
            return new Outcome.Refused(Rejection.UNKNOWN_INCARNATION);
        }
        ledger.use(state.clockMs(), state.dueWork());
        ledger.settleBelow(command.getLowestUnsettled());
        RequestRuns runs = new RequestRuns();
        long sequence = command.getFirstSequence();
        for (Request request : command.getRequestsList()) {
            runs.add(sequence, settle(ledger, sequence, request));
            sequence++;
        }
        return new Outcome.Settled(runs.finish());
    }

    private RequestResult settle(SessionLedger ledger, long sequence, Request request) {
        if (Long.compareUnsigned(sequence, ledger.lastSequence() + 1) > 0) {
            return new RequestResult.Refused(Rejection.SEQUENCE_GAP);
        }
        if (sequence < ledger.lowestUnsettled()) {
            return new RequestResult.Refused(Rejection.SEQUENCE_FORGOTTEN);
        }
        if (sequence <= ledger.lastSequence()) {
            SessionLedger.Recalled recalled = ledger.recall(sequence);
            return recalled.checksum() == request.getChecksum()
                    ? recalled.result()
                    : new RequestResult.Refused(Rejection.SEQUENCE_CONFLICT);
        }
        RequestResult result = execute(ledger.peer(), request);
        ledger.record(result, request.getChecksum(), state.clockMs());
        return result;
    }

    private RequestResult execute(String peer, Request request) {
        return switch (request.getKindCase()) {
            case SEND_MESSAGE -> sendMessage.apply(peer, request.getSendMessage());
            case CREATE_GROUP -> createGroup.apply(peer, request.getCreateGroup());
            case JOIN_GROUP -> joinGroup.apply(peer, request.getJoinGroup());
            case LEAVE_GROUP -> leaveGroup.apply(peer, request.getLeaveGroup());
            case MARK_READ -> markRead.apply(peer, request.getMarkRead());
            // A number from a later version still refuses; which words it had does not matter here.
            case REFUSED ->
                new RequestResult.Refused(
                        Rejection.of(request.getRefused().getRejection()).orElse(Rejection.BAD_REQUEST));
            case KIND_NOT_SET -> new RequestResult.Refused(Rejection.BAD_REQUEST);
        };
    }
}
