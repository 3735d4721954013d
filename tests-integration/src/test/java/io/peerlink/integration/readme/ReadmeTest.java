package io.peerlink.integration.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.integration.structure.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ReadmeTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

    @Test
    void everyFileThatTheReadmePointsToExists() throws IOException {
        List<String> links =
                LINK.matcher(readme()).results().map(MatchResult::group).toList();

        assertThat(links).hasSizeGreaterThan(20);
        assertThat(LINK.matcher(readme()).results().map(link -> link.group(1)))
                .allSatisfy(path -> assertThat(Checkout.root().resolve(path)).exists());
    }

    @Test
    void javaExampleIsTheOneThatRuns() throws IOException {
        Path source = Checkout.root()
                .resolve("tests-integration/src/test/java/io/peerlink/integration/readme/SdkExample.java");
        String example = Files.readString(source).split("// \\[example]\n", 3)[1];

        assertThat(readme()).contains("```java\n" + example.stripIndent().stripTrailing() + "\n```");
    }

    @Test
    void promiseIsWrittenInFull() throws IOException {
        assertThat(readme())
                .contains("**Not lost.**", "**Not doubled.**", "**In order.**", "**Delivered means confirmed.**")
                .contains("**The sender is told.**", "Not promised:");
    }

    private static String readme() throws IOException {
        return Files.readString(Checkout.root().resolve("README.md"));
    }
}
