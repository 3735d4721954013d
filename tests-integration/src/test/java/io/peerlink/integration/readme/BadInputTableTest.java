package io.peerlink.integration.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.integration.structure.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/bad-input.md: every row names tests, which exist, or says why there is none. */
final class BadInputTableTest {
    private static final Pattern TEST = Pattern.compile("`([A-Za-z0-9]+)#([A-Za-z0-9]+)`");
    private static final Pattern NO_TEST = Pattern.compile("Not tested: .+");

    @Test
    void everyTestInTheTableExists() throws IOException {
        Map<String, String> sources = testSources();
        List<MatchResult> named = TEST.matcher(table()).results().toList();

        assertThat(named).hasSizeGreaterThan(100);
        for (MatchResult test : named) {
            assertThat(sources.getOrDefault(test.group(1), ""))
                    .as(test.group())
                    .containsPattern("\\R    void " + test.group(2) + "\\(");
        }
    }

    @Test
    void everyRowHasATestOrAReason() throws IOException {
        List<String> rows = table().lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Input "))
                .toList();

        assertThat(rows).hasSizeGreaterThan(60).allSatisfy(row -> {
            String[] columns = row.split(" \\| ?");
            assertThat(columns).as(row).hasSize(3);
            assertThat(TEST.matcher(columns[2]).find()
                            || NO_TEST.matcher(columns[2]).matches())
                    .as(row)
                    .isTrue();
        });
    }

    private static String table() throws IOException {
        return Files.readString(Checkout.root().resolve("docs/bad-input.md"));
    }

    /** By the names of their classes, of which two modules may have the same. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(Checkout.root(), 15)) {
            for (Path source : tree.filter(path -> path.toString().matches(".*/src/test/java/.*(Test|IT)\\.java"))
                    .toList()) {
                sources.merge(
                        source.getFileName().toString().replace(".java", ""), Files.readString(source), String::concat);
            }
        }
        return sources;
    }
}
