package io.peerlink.integration.crowd;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code bin/peerlink bench} in processes of its own, against running routers.
 *
 * @param authority whose certificates the routers show; empty: no TLS
 */
record Bench(Path checkout, List<String> servers, Optional<Path> authority) {
    /**
     * A workload, not started; its output goes nowhere.
     *
     * @param time that is measured, in seconds
     * @param before seconds of the same load before that
     */
    ProcessBuilder process(String workload, int time, int before, List<String> more) {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("bin/peerlink").toString(), "bench", workload));
        command.addAll(List.of("--servers", String.join(",", servers), "--json", "--no-progress"));
        authority.ifPresent(file -> command.addAll(List.of("--ca", file.toString())));
        command.addAll(List.of("--duration", time + "s", "--warmup", before + "s"));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** An honest pair at this many messages a second; what it measured. */
    JsonObject pair(int rate, int seconds, int warmUp) throws IOException, InterruptedException {
        Process bench = process("deliver", seconds, warmUp, List.of("--rate", String.valueOf(rate)))
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        String output = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (bench.waitFor() != 0) {
            throw new IllegalStateException("the honest pair failed:\n" + output);
        }
        List<String> lines = output.lines().toList();
        return new Gson().fromJson(lines.get(lines.size() - 1), JsonObject.class);
    }
}
