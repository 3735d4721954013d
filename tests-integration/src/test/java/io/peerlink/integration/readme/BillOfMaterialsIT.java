package io.peerlink.integration.readme;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The distribution says what it ships, and under which licences. */
final class BillOfMaterialsIT {
    private static final Path DISTRIBUTION = Path.of("..", "bin", "target", "dist");

    /** What may be shipped beside Apache-2.0 code. Of several licences of a library one must be among these. */
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            "MIT",
            "BSD-2-Clause",
            "BSD-3-Clause",
            // JLine's POM names four clauses; the text in its jar has three.
            "BSD-4-Clause",
            "EPL-2.0",
            "CC0-1.0",
            "MIT-0",
            // The text of MIT under another name.
            "Bouncy Castle Licence",
            // VectorGraphics2D, unmodified and replaceable in lib.
            "GNU Library or Lesser General Public License (LGPL)");

    private static Stream<JsonObject> components() throws IOException {
        JsonObject bill = JsonParser.parseString(Files.readString(DISTRIBUTION.resolve("SBOM.cdx.json")))
                .getAsJsonObject();
        return StreamSupport.stream(bill.getAsJsonArray("components").spliterator(), false)
                .map(JsonElement::getAsJsonObject);
    }

    @Test
    void everyJarIsOnTheBillAndNothingElse() throws IOException {
        Set<String> listed = components()
                .map(component -> component.get("name").getAsString() + "-"
                        + component.get("version").getAsString() + ".jar")
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> shipped;
        try (Stream<Path> files = Files.list(DISTRIBUTION.resolve("lib"))) {
            shipped = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(listed).isEqualTo(shipped);
    }

    @Test
    void everyLicenceIsOneThatMayBeShipped() throws IOException {
        assertThat(components())
                .allSatisfy(component -> assertThat(licences(component))
                        .as(component.get("name").getAsString())
                        .anyMatch(LICENCES::contains));
    }

    private static Set<String> licences(JsonObject component) {
        Set<String> licences = new TreeSet<>();
        if (component.has("licenses")) {
            component.getAsJsonArray("licenses").forEach(each -> {
                JsonObject licence = each.getAsJsonObject().getAsJsonObject("license");
                licences.add(licence.get(licence.has("id") ? "id" : "name").getAsString());
            });
        }
        return licences;
    }
}
