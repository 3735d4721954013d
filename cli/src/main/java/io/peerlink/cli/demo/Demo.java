package io.peerlink.cli.demo;

import io.peerlink.cli.bench.Ledger;
import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.Receipt;
import io.peerlink.client.SendReceipt;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The demo's story, scene by scene. What it prints is what happened: every figure is measured. */
final class Demo {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int STREAM_MESSAGES = 2_000;
    private static final int KILL_AFTER = 600;
    private static final long PACE_MS = 2;

    private final LocalCluster cluster;
    private final Narrator narrator;
    private final Queue<String> bobsScreen = new ConcurrentLinkedQueue<>();
    private final Queue<String> carolsScreen = new ConcurrentLinkedQueue<>();
    private final Ledger ledger = new Ledger();
    private volatile boolean streaming;

    Demo(LocalCluster cluster, Narrator narrator) {
        this.cluster = cluster;
        this.narrator = narrator;
    }

    /** Plays it. Returns whether everything acknowledged arrived once and in order. */
    boolean run() throws InterruptedException {
        narrator.scene("Three routers");
        narrator.say("Each one a process of its own; together they keep one log, on disk at a majority before Sent.");
        long start = System.nanoTime();
        cluster.start();
        LocalRouter leader = cluster.awaitLeader(START_LIMIT);
        narrator.say(String.format(
                "Router %s was elected leader %.1f s after the start.",
                leader.id(), (System.nanoTime() - start) / 1e9));
        try (DemoPeer alice = new DemoPeer("alice", cluster.servers(), message -> {});
                DemoPeer bob = new DemoPeer("bob", cluster.servers(), this::onBob);
                DemoPeer carol = new DemoPeer("carol", cluster.servers(), this::onCarol)) {
            directMessage(alice, bob);
            awayAndBack(alice, bob);
            group(alice, bob, carol);
            senderAway(alice, bob);
            killTheLeader(alice, bob);
            return summary(alice);
        }
    }

    private void onBob(IncomingMessage message) {
        if (streaming) {
            ledger.presented(Integer.parseInt(message.text()));
        } else {
            bobsScreen.add(line(message));
        }
    }

    private void onCarol(IncomingMessage message) {
        carolsScreen.add(line(message));
    }

    private static String line(IncomingMessage message) {
        return message.from() + message.group().map(group -> " (" + group + ")").orElse("") + " : " + message.text();
    }

    private void directMessage(DemoPeer alice, DemoPeer bob) throws InterruptedException {
        narrator.scene("A message, and the truth about it");
        SendReceipt sent = send(alice, "bob", "Hello Bob!");
        showNext("bob", bobsScreen);
        DemoPeer.await("Delivered", () -> alice.hasReceipt(Receipt.Kind.DELIVERED, "bob", sent.id()));
        narrator.sees("alice", "Delivered to bob");
        narrator.does("bob", "READ alice");
        bob.client().markRead(sent.id()).join();
        DemoPeer.await("Read", () -> alice.hasReceipt(Receipt.Kind.READ, "bob", sent.id()));
        narrator.sees("alice", "Read by bob");
    }

    private void awayAndBack(DemoPeer alice, DemoPeer bob) throws InterruptedException {
        narrator.scene("Bob closes his laptop");
        bob.leave();
        SendReceipt first = send(alice, "bob", "Are you there?");
        SendReceipt second = send(alice, "bob", "Never mind, it will wait for you.");
        PeerLinkClient client = alice.client();
        narrator.say("Waiting for bob: "
                + client.pending(Optional.of("bob")).join().count() + " messages, kept by the routers.");
        narrator.say("Bob is back:");
        bob.comeBack();
        showNext("bob", bobsScreen);
        showNext("bob", bobsScreen);
        DemoPeer.await(
                "both Delivered",
                () -> alice.hasReceipt(Receipt.Kind.DELIVERED, "bob", first.id())
                        && alice.hasReceipt(Receipt.Kind.DELIVERED, "bob", second.id()));
        narrator.sees("alice", "Delivered to bob (both)");
    }

    private void group(DemoPeer alice, DemoPeer bob, DemoPeer carol) throws InterruptedException {
        narrator.scene("A group, and one receipt per member");
        narrator.does("alice", "CREATE_GROUP team");
        alice.client().createGroup("team").join();
        narrator.does("bob", "JOIN_GROUP team");
        bob.client().joinGroup("team").join();
        narrator.does("carol", "JOIN_GROUP team");
        carol.client().joinGroup("team").join();
        SendReceipt sent = send(alice, "team", "Stand-up in five minutes.");
        showNext("bob", bobsScreen);
        showNext("carol", carolsScreen);
        DemoPeer.await(
                "Delivered to the group",
                () -> alice.hasReceipt(Receipt.Kind.DELIVERED, "bob", sent.id())
                        && alice.hasReceipt(Receipt.Kind.DELIVERED, "carol", sent.id()));
        narrator.sees("alice", "Delivered to bob, Delivered to carol");
    }

    private void senderAway(DemoPeer alice, DemoPeer bob) throws InterruptedException {
        narrator.scene("The sender is away when it happens");
        bob.leave();
        SendReceipt sent = send(alice, "bob", "Tell me when you get this.");
        narrator.say("Alice leaves too. Then bob comes back and reads:");
        alice.leave();
        bob.comeBack();
        showNext("bob", bobsScreen);
        narrator.say("Alice returns; the receipt has waited for her:");
        alice.comeBack();
        DemoPeer.await("the receipt", () -> alice.hasReceipt(Receipt.Kind.DELIVERED, "bob", sent.id()));
        narrator.sees("alice", "Delivered to bob");
    }

    private void killTheLeader(DemoPeer alice, DemoPeer bob) throws InterruptedException {
        narrator.scene("SIGKILL to the leader, in the middle of " + STREAM_MESSAGES + " messages");
        streaming = true;
        LocalRouter victim = cluster.leader().orElseThrow();
        Queue<CompletableFuture<?>> sends = new ConcurrentLinkedQueue<>();
        for (int number = 0; number < STREAM_MESSAGES; number++) {
            int each = number;
            sends.add(alice.client()
                    .sendAsync(OutgoingMessage.text("bob", String.valueOf(each)))
                    .thenAccept(receipt -> ledger.acknowledged(each, receipt.id())));
            if (number == KILL_AFTER) {
                narrator.bang("kill -9 " + victim.pid() + "   (router " + victim.id() + ", the leader; "
                        + ledger.acknowledgedCount() + " messages acknowledged so far)");
                victim.kill();
            }
            Thread.sleep(PACE_MS);
        }
        narrator.say("The senders and receivers did nothing about it; their clients found the new leader.");
        CompletableFuture.allOf(sends.toArray(new CompletableFuture<?>[0])).join();
        LocalRouter successor = cluster.awaitLeader(START_LIMIT);
        narrator.say(String.format(
                "Router %s took over. Longest pause between two acknowledgements: %d ms.",
                successor.id(), ledger.longestGapMs()));
        DemoPeer.await("all messages at bob", () -> ledger.presentedCount() >= ledger.acknowledgedCount());
        bob.client().drain(START_LIMIT);
    }

    private boolean summary(DemoPeer alice) throws InterruptedException {
        long delivered = deliveredCount(alice);
        long lost = ledger.lost();
        long doubled = ledger.doubled();
        long outOfOrder = ledger.outOfOrder();
        narrator.scene("The count");
        narrator.fact("acknowledged (Sent) across the kill", String.valueOf(ledger.acknowledgedCount()));
        narrator.fact("presented to bob", String.valueOf(ledger.presentedCount()));
        narrator.fact("receipts Delivered at alice", String.valueOf(delivered));
        narrator.fact("lost", String.valueOf(lost));
        narrator.fact("doubled", String.valueOf(doubled));
        narrator.fact("out of order", String.valueOf(outOfOrder));
        narrator.fact("longest pause between acknowledgements", ledger.longestGapMs() + " ms");
        boolean good = lost == 0
                && doubled == 0
                && outOfOrder == 0
                && ledger.acknowledgedCount() == STREAM_MESSAGES
                && delivered == STREAM_MESSAGES;
        narrator.say("");
        if (good) {
            narrator.say("Nothing acknowledged was lost, nothing was shown twice, everything kept its order.");
            narrator.say("Your turn: bin/cluster start, then bin/peerlink shell --id yourname");
        } else {
            narrator.bang("The promise was broken. This is a bug: please report it with the logs.");
        }
        return good;
    }

    /** How many messages of the stream alice holds a receipt for; waits for the last. */
    private long deliveredCount(DemoPeer alice) throws InterruptedException {
        DemoPeer.await(
                "the last receipt",
                () -> ledger.ids().stream().allMatch(id -> alice.hasReceipt(Receipt.Kind.DELIVERED, "bob", id)));
        return ledger.ids().size();
    }

    private SendReceipt send(DemoPeer peer, String to, String text) {
        narrator.does(peer.client().name(), "SEND_MSG " + to + " " + text);
        SendReceipt receipt = peer.client().send(OutgoingMessage.text(to, text));
        narrator.sees(peer.client().name(), "Sent");
        return receipt;
    }

    private void showNext(String peer, Queue<String> screen) throws InterruptedException {
        DemoPeer.await("a message at " + peer, () -> !screen.isEmpty());
        narrator.sees(peer, String.valueOf(screen.poll()));
    }
}
