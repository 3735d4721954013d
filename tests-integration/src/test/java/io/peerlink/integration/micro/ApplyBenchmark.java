package io.peerlink.integration.micro;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Applying an entry of direct messages of 100 bytes, whose receivers confirm them: entries a second in one thread. */
public class ApplyBenchmark extends MicroBenchmark {
    /** Senders in an entry, and messages of each. */
    @Param({"1x1", "64x1", "1x100", "1x1000"})
    public String entry = "";

    private Load load;

    @Setup(Level.Trial)
    public void open() throws IOException {
        String[] factors = entry.split("x", -1);
        load = new Load(Integer.parseInt(factors[0]), Integer.parseInt(factors[1]));
        load.send();
    }

    @Benchmark
    public void entries() {
        load.sendAndConfirm();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        load.close();
    }
}
