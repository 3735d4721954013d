package io.peerlink.integration.micro;

import io.peerlink.log.v1.Request;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Applying an entry of direct messages of 100 bytes to one peer, which confirms them: entries a second in one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ApplyBenchmark {
    /** Messages in an entry. */
    @Param({"1", "100", "1000"})
    public int messages;

    private Load load;
    private Request sends;

    @Setup(Level.Trial)
    public void open() throws IOException {
        load = new Load();
        sends = Load.sends(messages);
        load.send(sends);
    }

    @Benchmark
    public void entries() {
        load.sendAndConfirm(sends);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        load.close();
    }
}
