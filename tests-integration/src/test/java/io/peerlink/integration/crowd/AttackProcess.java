package io.peerlink.integration.crowd;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of {@link Attackers}, from here. */
final class AttackProcess implements AutoCloseable {
    private static final int END_SECONDS = 10;

    private final Process process;
    private final BufferedReader output;

    private AttackProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Returns when the attack goes on. */
    static AttackProcess start(Attack attack, int attackers, Route route) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dlogback.configurationFile=logback-cli.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Attackers.class.getName()));
        command.addAll(List.of("--attack", attack.toString(), "--attackers", String.valueOf(attackers)));
        command.addAll(List.of("--address", route.address()));
        route.authority().ifPresent(file -> command.addAll(List.of("--ca", file.toString())));
        AttackProcess started = new AttackProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        if (!Attackers.READY.equals(started.output.readLine())) {
            started.close();
            throw new IllegalStateException("the attackers did not get ready");
        }
        return started;
    }

    /** Ends it; what came of it. */
    JsonObject end() throws IOException {
        process.getOutputStream().close();
        return new Gson().fromJson(output.readLine(), JsonObject.class);
    }

    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
