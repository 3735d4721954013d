package io.peerlink.statemachine;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.MessagesView;
import io.peerlink.statemachine.StateView.ReceiptView;
import io.peerlink.statemachine.StateView.RecipientState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A state machine with a clock and peers that number their requests, for directed tests. Closes the state machine. */
final class Scenario implements AutoCloseable {
    static final long TTL_MS = 1_000;
    static final long RETENTION_MS = 10_000;

    final StateMachine machine;
    long timeMs = 100;
    private long index;
    private final Map<String, Long> nextSequence = new TreeMap<>();

    Scenario(Path directory) {
        this.machine = StateMachine.open(directory.resolve("live"), null);
    }

    StateView view() {
        return machine.view();
    }

    /** Applies one entry a millisecond later. */
    ApplyResult apply(Command... commands) {
        timeMs++;
        return machine.apply(
                new LogPosition(1, index++),
                Batch.newBuilder()
                        .setFormat(5)
                        .setTimeMs(timeMs)
                        .addAllCommands(List.of(commands))
                        .build());
    }

    Outcome one(Command command) {
        return apply(command).outcomes().get(0);
    }

    /** Registers peers and opens incarnation 1 of each. */
    Scenario peers(String... names) {
        for (String name : names) {
            apply(Commands.register(name, Commands.key(name)), Commands.open(name, Commands.key(name), 0));
            nextSequence.put(name, 1L);
        }
        return this;
    }

    /** A command with the peer's next requests. */
    Command next(String peer, Request... requests) {
        long first = nextSequence.getOrDefault(peer, 1L);
        nextSequence.put(peer, first + requests.length);
        return Commands.requests(peer, 1, first, 0, List.of(requests));
    }

    /** Results, one per request, of the peer's next requests in an entry of their own. */
    List<RequestResult> ask(String peer, Request... requests) {
        return results(one(next(peer, requests)));
    }

    RequestResult askOne(String peer, Request request) {
        return ask(peer, request).get(0);
    }

    static List<RequestResult> results(Outcome outcome) {
        List<RequestResult> results = new ArrayList<>();
        for (Outcome.RequestRun run : ((Outcome.Settled) outcome).runs()) {
            for (int i = 0; i < run.count(); i++) {
                results.add(
                        run.result() instanceof RequestResult.Sent sent
                                ? new RequestResult.Sent(
                                        sent.conversation(),
                                        sent.firstMessageSequence() + i,
                                        sent.sentAtMs(),
                                        sent.recipients())
                                : run.result());
            }
        }
        return results;
    }

    static RequestResult refused(Rejection rejection) {
        return new RequestResult.Refused(rejection);
    }

    /** The peer confirms everything. */
    void confirmAll(String peer) {
        apply(Commands.advance(peer, view().inboxState(peer).orElseThrow().head()));
    }

    void tick() {
        apply(Commands.tick(RETENTION_MS, Long.MAX_VALUE / 2, 1_000));
    }

    void tickAfter(long ms) {
        timeMs += ms;
        tick();
    }

    List<InboxEntry> inbox(String peer) {
        return view().readInbox(peer, 0, InboxFilter.ALL, 1_000, 1_000_000).entries();
    }

    /** The same, a message each. */
    static List<InboxEntry> single(List<InboxEntry> entries) {
        return entries.stream().flatMap(Scenario::single).toList();
    }

    private static Stream<InboxEntry> single(InboxEntry entry) {
        if (!(entry instanceof InboxEntry.MessagesEntry run)) {
            return Stream.of(entry);
        }
        MessagesView messages = run.messages();
        return IntStream.range(0, run.length())
                .mapToObj(place -> new InboxEntry.MessagesEntry(
                        run.inboxSequence() + place,
                        new MessagesView(
                                messages.conversation(),
                                messages.firstSequence() + place,
                                messages.sender(),
                                messages.sentAtMs(),
                                messages.expiresAtMs(),
                                messages.contentType(),
                                messages.bodies().subList(place, place + 1))));
    }

    List<String> bodies(String peer) {
        return inbox(peer).stream()
                .filter(InboxEntry.MessagesEntry.class::isInstance)
                .flatMap(entry -> ((InboxEntry.MessagesEntry) entry).messages().bodies().stream())
                .map(ByteString::toStringUtf8)
                .toList();
    }

    /** Unconfirmed receipts as {@code STATE peer conversation from..upTo}. */
    List<String> receipts(String peer) {
        return inbox(peer).stream()
                .filter(InboxEntry.ReceiptEntry.class::isInstance)
                .map(entry -> text(((InboxEntry.ReceiptEntry) entry).receipt()))
                .toList();
    }

    /** State of a message for a recipient, as its sender sees it. */
    RecipientState state(String sender, String conversation, long sequence, String recipient) {
        return view().status(sender, conversation, sequence, false, "", 100).orElseThrow().recipients().stream()
                .filter(view -> view.peer().equals(recipient))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Override
    public void close() {
        machine.close();
    }

    private static String text(ReceiptView receipt) {
        return receipt.state() + " " + receipt.peer() + " " + receipt.conversation() + " " + receipt.fromSequence()
                + ".." + receipt.upToSequence();
    }
}
