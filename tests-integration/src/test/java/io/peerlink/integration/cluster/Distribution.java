package io.peerlink.integration.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** The assembled distribution: what users start. */
final class Distribution {
    private Distribution() {}

    /** The source tree's root: the directory that holds all modules. */
    static Path checkout() {
        Path candidate = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(candidate.resolve("tests-integration"))) {
            candidate = candidate.getParent();
            if (candidate == null) {
                throw new IllegalStateException("not run inside the checkout");
            }
        }
        return candidate;
    }

    /** Its root; holds {@code bin/}, {@code lib/} and {@code conf/}. */
    static Path home() {
        Path home = checkout().resolve("bin/target/dist");
        if (!Files.isDirectory(home.resolve("lib"))) {
            throw new IllegalStateException(home + " is missing: build with -pl bin -am package first");
        }
        return home;
    }

    /** A directory for what tests leave behind. */
    static Path scratch() {
        return checkout().resolve("tests-integration/target/it");
    }
}
