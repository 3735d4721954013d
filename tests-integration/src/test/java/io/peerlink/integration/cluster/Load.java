package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Steady traffic of three senders to three receivers, direct and through a group of all six, until told to stop; then the
 * whole promise is checked. Usage: {@code try (Load load = Load.start(cluster, "a")) { …faults…; load.finish(); }}
 */
final class Load implements AutoCloseable {
    private static final long PACE_MS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DeliveryLedger ledger = new DeliveryLedger();
    private final List<TestPeer> senders;
    private final List<TestPeer> receivers;
    private final String group;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private Load(TestCluster cluster, String prefix) {
        this.senders = Stream.of("-s1", "-s2", "-s3")
                .map(name -> cluster.peer(prefix + name, ledger))
                .toList();
        this.receivers = Stream.of("-r1", "-r2", "-r3")
                .map(name -> cluster.peer(prefix + name, ledger))
                .toList();
        this.group = prefix + "-team";
    }

    /** Attaches six peers and starts the senders; {@code prefix} makes their names unique on the cluster. */
    static Load start(TestCluster cluster, String prefix) {
        Load load = new Load(cluster, prefix);
        load.form();
        load.senders.forEach(load::startSender);
        return load;
    }

    private void form() {
        Set<String> everybody = peers().map(TestPeer::name).collect(Collectors.toSet());
        TestPeer founder = senders.get(0);
        founder.client().createGroup(group).join();
        peers().skip(1).forEach(peer -> peer.client().joinGroup(group).join());
        ledger.group(group, everybody);
    }

    Stream<TestPeer> peers() {
        return Stream.concat(senders.stream(), receivers.stream());
    }

    private void startSender(TestPeer sender) {
        Thread thread = new Thread(() -> sendOn(sender), sender.name());
        threads.add(thread);
        thread.start();
    }

    private void sendOn(TestPeer sender) {
        int turn = 0;
        while (!stopping) {
            int choice = turn++ % (receivers.size() + 1);
            sender.send(
                    choice == receivers.size() ? group : receivers.get(choice).name());
            try {
                Thread.sleep(PACE_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Waits until this many more messages are acknowledged than now: the traffic flows. */
    void awaitMore(int messages) {
        int goal = ledger.acknowledgedCount() + messages;
        await(messages + " more messages acknowledged")
                .atMost(PATIENCE)
                .until(() -> ledger.acknowledgedCount() >= goal);
    }

    /** Ends the traffic, waits until it has settled, and checks all of the promise and that no application noticed. */
    void finish() {
        stop();
        peers().forEach(TestPeer::awaitOutcomes);
        peers().forEach(peer ->
                assertThat(peer.troubles()).as("troubles of " + peer.name()).isEmpty());
        try {
            await("everything delivered and receipted")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(ledger::isComplete);
        } finally {
            ledger.verify();
        }
        peers().forEach(peer ->
                assertThat(peer.troubles()).as("troubles of " + peer.name()).isEmpty());
        System.out.printf(
                "load: %d messages acknowledged, %d presented%n", ledger.acknowledgedCount(), ledger.presentedCount());
    }

    private void stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        stop();
        peers().forEach(TestPeer::close);
    }
}
