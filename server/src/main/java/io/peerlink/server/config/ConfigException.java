package io.peerlink.server.config;

import java.util.List;

/** The configuration cannot be used. Holds every problem found, each with its origin. */
public final class ConfigException extends RuntimeException {
    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line per problem, for people. */
    public List<String> problems() {
        return problems;
    }
}
