package io.peerlink.integration.micro;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.OpenSession;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A state machine of its own in a temporary directory, and entries for it: alice writes to bob. One thread. */
final class Load implements AutoCloseable {
    static final String SENDER = "alice";
    static final String RECEIVER = "bob";
    static final int BODY_BYTES = 100;

    private static final int FORMAT = 2;
    private static final long DAY_MS = 86_400_000;

    final StateMachine machine;
    private final Path directory;
    private long index;
    private long nextSequence = 1;

    Load() throws IOException {
        directory = Files.createTempDirectory("peerlink-micro-");
        machine = StateMachine.open(directory.resolve("live"), null);
        for (String peer : List.of(SENDER, RECEIVER)) {
            ByteString key = ByteString.copyFromUtf8("key of " + peer);
            apply(List.of(
                    Command.newBuilder()
                            .setRegisterPeer(
                                    RegisterPeer.newBuilder().setName(peer).setPublicKey(key))
                            .build(),
                    Command.newBuilder()
                            .setOpenSession(
                                    OpenSession.newBuilder().setPeer(peer).setPublicKey(key))
                            .build()));
        }
    }

    /** So many sends to bob, alike but for their bodies. */
    static Request sends(int count) {
        SendMessage.Builder message = SendMessage.newBuilder()
                .setTo(RECEIVER)
                .setContentType("text/plain")
                .setTtlMs(DAY_MS);
        Request.Builder request = Request.newBuilder();
        for (int i = 0; i < count; i++) {
            message.addBodies(ByteString.copyFrom(new byte[BODY_BYTES]));
            request.addChecksums(i);
        }
        return request.setSendMessage(message).build();
    }

    /** Alice's next requests, in an entry of their own; bob confirms nothing. */
    void send(Request request) {
        apply(List.of(next(request)));
    }

    /** As {@link #send}, and bob confirms all that came before. */
    void sendAndConfirm(Request request) {
        Command confirmed = Command.newBuilder()
                .setAdvanceCursor(AdvanceCursor.newBuilder().setPeer(RECEIVER).setInboxSequence(nextSequence - 1))
                .build();
        apply(List.of(confirmed, next(request)));
    }

    private Command next(Request request) {
        long first = nextSequence;
        nextSequence += request.getChecksumsCount();
        return Command.newBuilder()
                .setSessionRequests(SessionRequests.newBuilder()
                        .setPeer(SENDER)
                        .setIncarnation(1)
                        .setFirstSequence(first)
                        .setLowestUnsettled(first)
                        .addRequests(request))
                .build();
    }

    private void apply(List<Command> commands) {
        index++;
        machine.apply(
                new LogPosition(1, index),
                Batch.newBuilder()
                        .setFormat(FORMAT)
                        .setTimeMs(1_000 + index)
                        .addAllCommands(commands)
                        .build());
    }

    @Override
    public void close() throws IOException {
        machine.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
