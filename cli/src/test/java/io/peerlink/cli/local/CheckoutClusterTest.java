package io.peerlink.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckoutClusterTest {
    private static final String PROPERTY = "peerlink.local.cluster";
    private static final List<String> OWN = List.of("127.0.0.1:8401", "127.0.0.1:8403");

    @TempDir
    private Path directory;

    @BeforeEach
    void name() throws IOException {
        System.setProperty(PROPERTY, directory.toString());
        Files.writeString(directory.resolve("base-port"), "8400\n");
    }

    @AfterEach
    void forget() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void knowsWhetherItSpeaksTls() throws IOException {
        assertThat(CheckoutCluster.isPlain(OWN)).isTrue();
        assertThat(CheckoutCluster.authority(OWN)).isEmpty();

        Path authority = Files.createDirectory(directory.resolve("tls")).resolve("ca.pem");
        Files.writeString(authority, "");

        assertThat(CheckoutCluster.isPlain(OWN)).isFalse();
        assertThat(CheckoutCluster.authority(OWN)).contains(authority);
    }

    @Test
    void saysNothingOfOthers() throws IOException {
        for (String other : List.of("127.0.0.1:8404", "127.0.0.1:8400", "localhost:8401", "10.0.0.1:8401")) {
            assertThat(CheckoutCluster.isPlain(List.of("127.0.0.1:8401", other)))
                    .as(other)
                    .isFalse();
        }
        Files.delete(directory.resolve("base-port"));
        assertThat(CheckoutCluster.isPlain(OWN)).as("wiped").isFalse();
        System.clearProperty(PROPERTY);
        assertThat(CheckoutCluster.isPlain(OWN)).isFalse();
    }
}
