package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.integration.fuzz.TwoReplicas;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.statemachine.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client may write on its stream, several frames one after another, each preceded by its length: it is no frame, or the
 * commands that it becomes are ones that every router can apply. Every request gets its outcome, and a refusal its code.
 */
final class ClientFrameFuzzTest {
    private static final long YEAR_MS = 366L * 24 * 3600 * 1000;

    private final FrameMapper mapper = new FrameMapper(ConfigLoader.load(Optional.empty(), Map.of()), () -> false);

    @FuzzTest
    void becomesCommandsThatCanBeApplied(byte[] input) throws IOException {
        List<ClientFrame> frames = frames(input);
        if (frames.isEmpty()) {
            return;
        }
        Batch.Builder entry = TwoReplicas.batch();
        for (ClientFrame frame : frames) {
            assertThat(ClientFrame.parseFrom(frame.toByteArray())).isEqualTo(frame);
            entry.addAllCommands(commands(frame));
        }
        try (TwoReplicas replicas = new TwoReplicas()) {
            List<Outcome> outcomes = replicas.apply(entry.build()).outcomes();
            assertThat(outcomes).hasSize(entry.getCommandsCount());
            for (int i = 0; i < outcomes.size(); i++) {
                isAnswered(entry.getCommands(i), outcomes.get(i));
            }
            replicas.age(YEAR_MS);
        }
    }

    private static List<ClientFrame> frames(byte[] input) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(input);
        List<ClientFrame> frames = new ArrayList<>();
        try {
            while (in.available() > 0) {
                frames.add(ClientFrame.parseDelimitedFrom(in));
            }
        } catch (InvalidProtocolBufferException e) {
            // gRPC ends the stream here.
        }
        return frames;
    }

    /** As the edge would, of a session of alice's that is attached. */
    private List<Command> commands(ClientFrame frame) {
        return switch (frame.getKindCase()) {
            case ATTACH -> {
                Attach attach = frame.getAttach();
                yield List.of(mapper.registerPeer("alice", attach), mapper.openSession("alice", attach));
            }
            case REQUESTS -> requests(frame.getRequests());
            case CURSOR_ACK ->
                List.of(mapper.advanceCursor("alice", frame.getCursorAck().getInboxSequence()));
            case DETACH ->
                frame.getDetach().getForgetIncarnation() ? List.of(mapper.closeSession("alice", 1)) : List.of();
            case HELLO, SUBSCRIBE, CREDIT, PING, KIND_NOT_SET -> List.of();
        };
    }

    private List<Command> requests(Requests frame) {
        List<Command> commands = mapper.requests("alice", 1, frame, false);
        long next = frame.getFirstSequence();
        for (Command command : commands) {
            SessionRequests requests = command.getSessionRequests();
            assertThat(requests.getFirstSequence()).isEqualTo(next);
            next += CommandWriter.sequences(requests);
        }
        assertThat(next - frame.getFirstSequence())
                .as("a sequence for each request")
                .isEqualTo(frame.getRequestsList().stream()
                        .mapToLong(RequestForm::sequences)
                        .sum());
        return commands;
    }

    private void isAnswered(Command command, Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            assertThat(ErrorMapper.error(refused.rejection()).getCode()).isNotEqualTo(ErrorCode.ERROR_CODE_UNSPECIFIED);
        } else if (outcome instanceof Outcome.Settled settled) {
            long next = command.getSessionRequests().getFirstSequence();
            for (OutcomeRun run : mapper.outcomes(settled.runs()).getOutcomes().getRunsList()) {
                assertThat(run.getFirstSequence()).isEqualTo(next);
                assertThat(run.getResultCase()).isNotEqualTo(OutcomeRun.ResultCase.RESULT_NOT_SET);
                next += run.getCount();
            }
            assertThat(next - command.getSessionRequests().getFirstSequence())
                    .isEqualTo(CommandWriter.sequences(command.getSessionRequests()));
        }
    }
}
