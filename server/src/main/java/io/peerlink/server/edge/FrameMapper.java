package io.peerlink.server.edge;

import io.peerlink.log.v1.Admission;
import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.log.v1.CloseSession;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.OpenSession;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.protocol.v1.AcceptedSends;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Deliveries;
import io.peerlink.protocol.v1.Delivery;
import io.peerlink.protocol.v1.Done;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Outcomes;
import io.peerlink.protocol.v1.Receipt;
import io.peerlink.protocol.v1.ReceiptKind;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Outcome.RequestRun;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxPage;
import io.peerlink.statemachine.StateView.MessagesView;
import io.peerlink.statemachine.StateView.ReceiptView;
import io.peerlink.statemachine.StateView.RecipientState;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Translates between the public protocol and the replicated commands and state. With {@link RequestForm} and
 * {@link CommandWriter}, its parts for requests, the only place that sees both, so a change at the edge cannot alter what
 * replay does.
 */
final class FrameMapper {
    private final RequestForm form;
    private final Admission admission;

    /**
     * Looks up names of hosts: not on an event loop.
     *
     * @param storageLow whether new messages are to be refused for lack of room
     */
    FrameMapper(ServerConfig config, BooleanSupplier storageLow) {
        this.form = new RequestForm(config.limits(), storageLow);
        this.admission = switch (config.registration()) {
            case OPEN -> Admission.ADMISSION_OPEN;
            case AUTO, INVITE -> Admission.ADMISSION_INVITED;
            case CLOSED -> Admission.ADMISSION_NOBODY;
        };
    }

    Command registerPeer(String name, Attach attach) {
        RegisterPeer.Builder command = RegisterPeer.newBuilder()
                .setName(name)
                .setPublicKey(attach.getPublicKey())
                .setAdmission(admission);
        if (!attach.getInviteCode().isEmpty()) {
            command.setInvite(Signatures.sha256(attach.getInviteCodeBytes()));
        }
        return Command.newBuilder().setRegisterPeer(command).build();
    }

    Command openSession(String name, Attach attach) {
        return Command.newBuilder()
                .setOpenSession(OpenSession.newBuilder()
                        .setPeer(name)
                        .setPublicKey(attach.getPublicKey())
                        .setResumeIncarnation(attach.getResumeIncarnation()))
                .build();
    }

    Command closeSession(String peer, long incarnation) {
        return Command.newBuilder()
                .setCloseSession(CloseSession.newBuilder().setPeer(peer).setIncarnation(incarnation))
                .build();
    }

    Command advanceCursor(String peer, long inboxSequence) {
        return Command.newBuilder()
                .setAdvanceCursor(AdvanceCursor.newBuilder().setPeer(peer).setInboxSequence(inboxSequence))
                .build();
    }

    /**
     * One command, or several where the frame is large; in sequence order.
     *
     * @param overdrawn whether its sends are refused because the peer sends too fast
     */
    List<Command> requests(String peer, long incarnation, Requests frame, boolean overdrawn) {
        CommandWriter writer = new CommandWriter(SessionRequests.newBuilder()
                .setPeer(peer)
                .setIncarnation(incarnation)
                .setFirstSequence(frame.getFirstSequence())
                .setLowestUnsettled(frame.getLowestUnsettled())
                .build());
        frame.getRequestsList().forEach(request -> form.write(request, writer, overdrawn));
        return writer.finish();
    }

    RouterFrame outcomes(List<RequestRun> runs) {
        Outcomes.Builder outcomes = Outcomes.newBuilder();
        runs.forEach(run -> outcomes.addRuns(outcome(run)));
        return RouterFrame.newBuilder().setOutcomes(outcomes).build();
    }

    private static OutcomeRun outcome(RequestRun run) {
        OutcomeRun.Builder outcome =
                OutcomeRun.newBuilder().setFirstSequence(run.firstSequence()).setCount(run.count());
        if (run.result() instanceof RequestResult.Sent sent) {
            outcome.setSent(AcceptedSends.newBuilder()
                    .setConversation(sent.conversation())
                    .setFirstMessageSequence(sent.firstMessageSequence())
                    .setSentAtMs(sent.sentAtMs())
                    .setRecipients(sent.recipients()));
        } else if (run.result() instanceof RequestResult.Done done) {
            outcome.setDone(Done.newBuilder().setSubject(done.subject()).setAtMs(done.atMs()));
        } else if (run.result() instanceof RequestResult.Refused refused) {
            outcome.setRefused(ErrorMapper.error(refused.rejection()));
        }
        return outcome.build();
    }

    RouterFrame deliveries(InboxPage page) {
        Deliveries.Builder deliveries = Deliveries.newBuilder().setUpToInboxSequence(page.upToSequence());
        page.entries().forEach(entry -> deliveries.addDeliveries(delivery(entry)));
        return RouterFrame.newBuilder().setDeliveries(deliveries).build();
    }

    private static Delivery delivery(InboxEntry entry) {
        Delivery.Builder delivery = Delivery.newBuilder().setInboxSequence(entry.inboxSequence());
        if (entry instanceof InboxEntry.MessagesEntry messages) {
            delivery.setMessages(messages(messages.messages()));
        } else if (entry instanceof InboxEntry.ReceiptEntry receipt) {
            delivery.setReceipt(receipt(receipt.receipt()));
        }
        return delivery.build();
    }

    static Messages messages(MessagesView view) {
        boolean direct = Conversations.isDirect(view.conversation());
        return Messages.newBuilder()
                .setConversation(view.conversation())
                .setFirstSequence(view.firstSequence())
                .setSender(view.sender())
                .setGroup(direct ? "" : view.conversation())
                .setSentAtMs(view.sentAtMs())
                .setExpiresAtMs(view.expiresAtMs())
                .setContentType(view.contentType())
                .addAllBodies(view.bodies())
                .build();
    }

    private static Receipt receipt(ReceiptView view) {
        return Receipt.newBuilder()
                .setKind(receiptKind(view.state()))
                .setPeer(view.peer())
                .setConversation(view.conversation())
                .setFromSequence(view.fromSequence())
                .setUpToSequence(view.upToSequence())
                .setAtMs(view.atMs())
                .build();
    }

    private static ReceiptKind receiptKind(RecipientState state) {
        return switch (state) {
            case DELIVERED -> ReceiptKind.DELIVERED;
            case READ -> ReceiptKind.READ;
            case LEFT -> ReceiptKind.LEFT;
            case EXPIRED -> ReceiptKind.EXPIRED;
            case SENT -> throw new IllegalArgumentException("no receipt says SENT");
        };
    }
}
