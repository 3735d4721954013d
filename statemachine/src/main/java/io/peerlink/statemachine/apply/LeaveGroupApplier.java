package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.LeaveGroup;
import io.peerlink.state.v1.MemberRecord;
import io.peerlink.state.v1.MessageSpan;
import io.peerlink.state.v1.ReceiptKind;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.InboxRows;
import io.peerlink.statemachine.state.Marks;
import io.peerlink.statemachine.state.OpenInbox;

/** Ends a membership, and what is still owed to the leaver of this group; or declines an invitation to it. */
final class LeaveGroupApplier {
    private final EntryState state;

    LeaveGroupApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String peer, LeaveGroup request) {
        String group = request.getGroup();
        return switch (state.nameKind(group)) {
            case NAME_KIND_UNSPECIFIED -> new RequestResult.Refused(Rejection.UNKNOWN_NAME);
            case PEER -> new RequestResult.Refused(Rejection.NOT_A_GROUP);
            case GROUP, DELETED_GROUP -> {
                if (state.peers().isInvited(peer, group)) {
                    decline(peer, group);
                    yield new RequestResult.Done(group, state.clockMs());
                }
                MemberRecord member = state.groups().member(group, peer);
                if (member == null) {
                    yield new RequestResult.Refused(Rejection.NOT_A_MEMBER);
                }
                if (state.groups().isLastOwner(group, member)) {
                    yield new RequestResult.Refused(Rejection.LAST_OWNER);
                }
                end(group, peer, member);
                yield new RequestResult.Done(group, state.clockMs());
            }
            case UNRECOGNIZED -> throw new IllegalStateException("name " + group + " of unknown kind");
        };
    }

    /** Who was asked in and does not come. */
    void decline(String peer, String group) {
        state.peers().uninvite(peer, group);
        state.groups().countInvited(group, -1);
    }

    /** Also for who is removed. */
    void end(String group, String peer, MemberRecord member) {
        long last = state.messages().of(group).lastSequence();
        state.groups().leave(group, peer, member, last);
        OpenInbox inbox = state.inboxes().of(peer);
        state.inboxes().seal(inbox);
        // The inbox, which may be long, is read only where something can be found: who may join may come and go all the
        // time.
        long passed = Math.max(member.getAfterSequence(), Marks.DELIVERED.watermark(state.transaction(), group, peer));
        if (passed < last) {
            endOwed(group, peer, inbox);
        }
    }

    private void endOwed(String group, String peer, OpenInbox inbox) {
        PassedMessages owed = new PassedMessages(state.transaction(), peer);
        InboxRows.walk(state.transaction(), peer, inbox.confirmed() + 1, inbox.head(), (first, span) -> {
            MessageSpan messages = span.getMessages();
            if (span.hasMessages() && messages.getConversation().equals(group)) {
                owed.add(messages);
            }
            return true;
        });
        owed.withoutEnded();
        owed.endAs(state, ReceiptKind.LEFT);
        owed.tellSenders(state, ReceiptKind.LEFT);
    }
}
