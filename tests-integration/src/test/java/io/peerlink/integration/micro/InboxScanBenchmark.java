package io.peerlink.integration.micro;

import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading pages of {@value #PAGE} messages from an inbox, page after page: messages a second in one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class InboxScanBenchmark {
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
