package io.peerlink.integration.structure;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree that the tests run in. */
public final class Checkout {
    private Checkout() {}

    /** Its root: the directory that holds all modules. */
    public static Path root() {
        Path candidate = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(candidate.resolve("tests-integration"))) {
            candidate = candidate.getParent();
            if (candidate == null) {
                throw new IllegalStateException("not run inside the checkout");
            }
        }
        return candidate;
    }
}
