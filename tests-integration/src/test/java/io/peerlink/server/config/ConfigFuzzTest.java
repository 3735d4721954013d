package io.peerlink.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Any file is a configuration or is refused with its problems, and what was read from it reads the same when written out. */
final class ConfigFuzzTest {
    /** So that no made-up host is looked up. */
    private static final Map<String, String> ENVIRONMENT = Map.of("PEERLINK_INSECURE", "true");

    private Path file = Path.of("");

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.createTempFile("config", ".conf");
    }

    @AfterEach
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @FuzzTest
    void isReadOrRefusedWithItsProblems(byte[] input) throws IOException {
        Files.write(file, input);
        ServerConfig config;
        List<Setting> settings;
        try {
            config = ConfigLoader.load(Optional.of(file), ENVIRONMENT);
            settings = ConfigLoader.settings(Optional.of(file), ENVIRONMENT);
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty().noneMatch(String::isBlank);
            return;
        }
        assertThat(config.self().id()).isEqualTo(config.routerId());
        Files.writeString(
                file,
                settings.stream()
                        .map(setting -> setting.key() + " = " + setting.value())
                        .collect(Collectors.joining("\n")));
        assertThat(ConfigLoader.load(Optional.of(file), Map.of())).isEqualTo(config);
    }
}
