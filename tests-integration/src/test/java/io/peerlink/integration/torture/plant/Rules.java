package io.peerlink.integration.torture.plant;

import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.byteman.agent.Transformer;

/** Byteman rules and how a JVM gets them. It takes the agent once, so all scripts go into one option. */
public final class Rules {
    private Rules() {}

    /** The JVM option that puts these scripts in; none for none. */
    public static List<String> jvmOption(List<Path> scripts) {
        if (scripts.isEmpty()) {
            return List.of();
        }
        URL agent = Transformer.class.getProtectionDomain().getCodeSource().getLocation();
        return List.of("-javaagent:" + agent.getPath()
                + scripts.stream().map(script -> "script:" + script).collect(Collectors.joining(",", "=", "")));
    }
}
