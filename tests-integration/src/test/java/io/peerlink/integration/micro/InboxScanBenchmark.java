package io.peerlink.integration.micro;

import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Reading pages of {@value #PAGE} messages from an inbox, page after page: messages a second in one thread. */
public class InboxScanBenchmark extends MicroBenchmark {
    static final int PAGE = 500;

    /** What waits in the inbox. */
    @Param({"1000", "100000"})
    public int waiting;

    /** Messages that came in one entry. */
    @Param({"1", "500"})
    public int together;

    private Load load;
    private long after;

    @Setup(Level.Trial)
    public void open() throws IOException {
        load = new Load(1, together);
        for (int sent = 0; sent < waiting; sent += together) {
            load.send();
        }
    }

    @Benchmark
    @OperationsPerInvocation(PAGE)
    public InboxPage messages() {
        InboxPage page = load.machine.view().readInbox(Load.receiver(0), after, InboxFilter.ALL, PAGE, Long.MAX_VALUE);
        after = page.more() ? page.upToSequence() : 0;
        return page;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        load.close();
    }
}
