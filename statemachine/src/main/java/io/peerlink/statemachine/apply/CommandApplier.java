package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.Command;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.state.EntryState;

/**
 * Applies the commands of one log entry, each by its applier. Apply thread only; one per entry, because appliers remember
 * what they looked up in it.
 */
public final class CommandApplier {
    private final RegisterPeerApplier registerPeer;
    private final OpenSessionApplier openSession;
    private final CloseSessionApplier closeSession;
    private final SessionRequestsApplier sessionRequests;
    private final AdvanceCursorApplier advanceCursor;
    private final TickApplier tick;
    private final CompareStateApplier compareState;
    private final AccessApplier access;

    public CommandApplier(EntryState state) {
        registerPeer = new RegisterPeerApplier(state);
        openSession = new OpenSessionApplier(state);
        closeSession = new CloseSessionApplier(state);
        sessionRequests = new SessionRequestsApplier(state);
        advanceCursor = new AdvanceCursorApplier(state);
        tick = new TickApplier(state);
        compareState = new CompareStateApplier(state);
        access = new AccessApplier(state);
    }

    /**
     * @throws IllegalStateException if this version does not know the command: going on would make routers differ
     */
    public Outcome apply(Command command) {
        return switch (command.getKindCase()) {
            case REGISTER_PEER -> registerPeer.apply(command.getRegisterPeer());
            case OPEN_SESSION -> openSession.apply(command.getOpenSession());
            case CLOSE_SESSION -> closeSession.apply(command.getCloseSession());
            case SESSION_REQUESTS -> sessionRequests.apply(command.getSessionRequests());
            case ADVANCE_CURSOR -> advanceCursor.apply(command.getAdvanceCursor());
            case TICK -> tick.apply(command.getTick());
            case COMPARE_STATE -> compareState.apply(command.getCompareState());
            case ROTATE_KEY -> access.rotate(command.getRotateKey());
            case CREATE_INVITE -> access.invite(command.getCreateInvite());
            case REVOKE_INVITE -> access.revoke(command.getRevokeInvite());
            case LOCK_PEER -> access.lock(command.getLockPeer());
            case KIND_NOT_SET -> throw new IllegalStateException("unknown command in the log");
        };
    }
}
