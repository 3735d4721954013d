package io.peerlink.server.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.LogUnavailableException;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import io.peerlink.statemachine.StateView.ReceiptView;
import io.peerlink.statemachine.StateView.RecipientState;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The pump on a queue of tasks that the test runs by hand: no threads, so every interleaving shown is exact. */
final class InboxPumpTest {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final Screen screen = new Screen();
    private final Inbox inbox = new Inbox();
    private final AtomicInteger stalled = new AtomicInteger();
    private final InboxPump pump =
            new InboxPump(new InboxPump.Subscription("bob", 0, InboxFilter.ALL), screen, inbox, tasks::add, stalled);

    @Test
    void pushesNothingWithoutCredit() {
        inbox.head = 5;

        pump.wake();
        runTasks();

        assertThat(screen.sequences).isEmpty();
    }

    @Test
    void pushesWithinCreditAndGoesOnWhenMoreIsGranted() {
        inbox.head = 5;

        pump.addCredit(3);
        runTasks();
        assertThat(screen.sequences).containsExactly(1L, 2L, 3L);
        pump.addCredit(10);
        runTasks();

        assertThat(screen.sequences).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void stopsWhileTheSinkIsNotReady() {
        inbox.head = 5;
        screen.ready = false;

        pump.addCredit(10);
        runTasks();
        assertThat(screen.sequences).isEmpty();
        screen.ready = true;
        pump.wake();
        runTasks();

        assertThat(screen.sequences).hasSize(5);
    }

    @Test
    void countsAsStalledUntilTheSinkIsReadyOrThePumpIsClosed() {
        inbox.head = 5;
        screen.ready = false;
        pump.addCredit(10);
        runTasks();
        pump.wake();
        runTasks();
        assertThat(stalled).hasValue(1);
        screen.ready = true;
        pump.wake();
        runTasks();
        assertThat(stalled).hasValue(0);

        inbox.head = 6;
        screen.ready = false;
        pump.headMoved(6);
        runTasks();
        assertThat(stalled).hasValue(1);
        pump.close();
        assertThat(stalled).hasValue(0);
    }

    @Test
    void readsLessAtATimeWhileManySinksStall() {
        inbox.head = 1;
        pump.addCredit(10);
        runTasks();
        long usual = inbox.bytesMax;

        stalled.set(100);
        inbox.head = 2;
        pump.headMoved(2);
        runTasks();

        assertThat(inbox.bytesMax).isPositive().isLessThan(usual / 4);
    }

    @Test
    void readsNothingMoreAtTheEndUntilAnAppend() {
        inbox.head = 2;
        pump.addCredit(10);
        runTasks();
        int reads = inbox.reads;

        pump.wake();
        runTasks();
        assertThat(inbox.reads).isEqualTo(reads);
        inbox.head = 3;
        pump.headMoved(3);
        runTasks();

        assertThat(screen.sequences).containsExactly(1L, 2L, 3L);
    }

    @Test
    void appendBetweenReadAndEndIsNotMissed() {
        inbox.head = 2;
        inbox.afterRead = () -> {
            inbox.head = 3;
            pump.headMoved(3);
            inbox.afterRead = () -> {};
        };

        pump.addCredit(10);
        runTasks();

        assertThat(screen.sequences).containsExactly(1L, 2L, 3L);
    }

    @Test
    void longBacklogIsPushedInTurns() {
        inbox.head = 10_000;

        pump.addCredit(10_000);
        tasks.remove().run();

        assertThat(screen.sequences).hasSizeLessThan(10_000);
        runTasks();
        assertThat(screen.sequences).hasSize(10_000).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void closedPumpPushesNothing() {
        inbox.head = 5;
        pump.addCredit(10);

        pump.close();
        runTasks();

        assertThat(screen.sequences).isEmpty();
    }

    @Test
    void failureOfTheStateIsToldOnce() {
        inbox.head = 5;
        inbox.afterRead = () -> {
            throw new LogUnavailableException("closed");
        };

        pump.addCredit(10);
        runTasks();
        pump.wake();
        runTasks();

        assertThat(screen.failures).isEqualTo(1);
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** An inbox of receipts 1..head. */
    private static final class Inbox implements LinearizableReads {
        private long head;
        private int reads;
        private long bytesMax;
        private Runnable afterRead = () -> {};

        @Override
        public CompletableFuture<Void> awaitReadIndex() {
            return new CompletableFuture<>();
        }

        @Override
        public <T> T read(Function<StateView, T> query) {
            reads++;
            StateView view = (StateView) Proxy.newProxyInstance(
                    StateView.class.getClassLoader(), new Class<?>[] {StateView.class}, (proxy, method, arguments) -> {
                        assertThat(method.getName()).isEqualTo("readInbox");
                        bytesMax = (long) arguments[4];
                        return page((long) arguments[1], (int) arguments[3]);
                    });
            T answer = query.apply(view);
            afterRead.run();
            return answer;
        }

        private InboxPage page(long after, int entriesMax) {
            List<InboxEntry> entries = new ArrayList<>();
            long upTo = Math.min(head, after + entriesMax);
            for (long sequence = after + 1; sequence <= upTo; sequence++) {
                entries.add(new InboxEntry.ReceiptEntry(
                        sequence, new ReceiptView(RecipientState.DELIVERED, "carol", "bob~carol", 1, 1, 1)));
            }
            return new InboxPage(entries, upTo, upTo < head);
        }
    }

    private static final class Screen implements DeliverySink {
        private final List<Long> sequences = new ArrayList<>();
        private boolean ready = true;
        private int failures;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void push(InboxPage page) {
            page.entries().forEach(entry -> sequences.add(entry.inboxSequence()));
        }

        @Override
        public void fail(RuntimeException cause) {
            failures++;
        }
    }
}
