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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A state machine of its own in a temporary directory, and entries for it: each sender writes to its receiver. One thread. */
final class Load implements AutoCloseable {
    static final int BODY_BYTES = 100;

    private static final int FORMAT = 5;
    private static final long DAY_MS = 86_400_000;

    final StateMachine machine;
    private final Path directory;
    private long index;
    private final List<Request> requests = new ArrayList<>();
    private final int messages;
    private long nextSequence = 1;

    /**
     * @param senders in each entry
     * @param messages of each sender in an entry, alike but for their bodies
     */
    Load(int senders, int messages) throws IOException {
        this.messages = messages;
        directory = Files.createTempDirectory("peerlink-micro-");
        machine = StateMachine.open(directory.resolve("live"), null);
        for (int i = 0; i < senders; i++) {
            register(sender(i));
            register(receiver(i));
            requests.add(sends(receiver(i), messages));
        }
    }

    private static String sender(int number) {
        return "sender-" + number;
    }

    static String receiver(int number) {
        return "receiver-" + number;
    }

    private void register(String peer) {
        ByteString key = ByteString.copyFromUtf8("key of " + peer);
        apply(List.of(
                Command.newBuilder()
                        .setRegisterPeer(RegisterPeer.newBuilder().setName(peer).setPublicKey(key))
                        .build(),
                Command.newBuilder()
                        .setOpenSession(OpenSession.newBuilder().setPeer(peer).setPublicKey(key))
                        .build()));
    }

    private static Request sends(String to, int count) {
        SendMessage.Builder message =
                SendMessage.newBuilder().setTo(to).setContentType("text/plain").setTtlMs(DAY_MS);
        Request.Builder request = Request.newBuilder();
        for (int i = 0; i < count; i++) {
            message.addBodies(ByteString.copyFrom(new byte[BODY_BYTES]));
            request.addChecksums(i);
        }
        return request.setSendMessage(message).build();
    }

    /** Applies an entry with the next messages of all; nobody confirms any. */
    void send() {
        apply(next());
    }

    /** As {@link #send}, and all receivers confirm what came before. */
    void sendAndConfirm() {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            commands.add(Command.newBuilder()
                    .setAdvanceCursor(
                            AdvanceCursor.newBuilder().setPeer(receiver(i)).setInboxSequence(nextSequence - 1))
                    .build());
        }
        commands.addAll(next());
        apply(commands);
    }

    private List<Command> next() {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            commands.add(Command.newBuilder()
                    .setSessionRequests(SessionRequests.newBuilder()
                            .setPeer(sender(i))
                            .setIncarnation(1)
                            .setFirstSequence(nextSequence)
                            .setLowestUnsettled(nextSequence)
                            .addRequests(requests.get(i)))
                    .build());
        }
        nextSequence += messages;
        return commands;
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
