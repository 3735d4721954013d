package io.peerlink.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OperatorListTest {
    private final ByteString ann = key();
    private final ByteString bea = key();

    @TempDir
    private Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.writeString(directory.resolve("operators.conf"), "# ours\n" + entry("bea", bea));
    }

    private static ByteString key() {
        try {
            return ByteString.copyFrom(KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPublic()
                    .getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String entry(String name, ByteString key) {
        return "operators += { name = " + name + ", key = \""
                + Base64.getEncoder().encodeToString(key.toByteArray()) + "\" }\n";
    }

    private ServerConfig config() throws IOException {
        Path config = Files.writeString(
                directory.resolve("n1.conf"),
                "peerlink.access { " + entry("ann", ann) + "operators-file = \"" + file + "\" }");
        return ConfigLoader.load(Optional.of(config), Map.of());
    }

    private static Optional<String> name(OperatorList list, ByteString key) {
        return list.withKey(key).map(ServerConfig.Operator::name);
    }

    @Test
    void followsTheFile() throws IOException {
        OperatorList list = OperatorList.of(config());
        assertThat(name(list, ann)).contains("ann");
        assertThat(name(list, bea)).contains("bea");
        assertThat(list.isKept()).isTrue();

        ByteString cem = key();
        Files.writeString(file, entry("cem", cem));
        list.look();
        assertThat(name(list, ann)).contains("ann");
        assertThat(name(list, bea)).isEmpty();
        assertThat(name(list, cem)).contains("cem");

        Files.writeString(file, "");
        list.look();
        assertThat(name(list, cem)).isEmpty();
    }

    @Test
    void keepsWhatItHasIfTheFileIsBad() throws IOException {
        OperatorList list = OperatorList.of(config());
        Path others = Files.writeString(directory.resolve("others.conf"), entry("cem", bea));
        for (String bad : new String[] {
            "operators = [",
            "operators += { name = bea }",
            "operators += { name = bea, key = guess }",
            entry("bea", ann),
            entry("ann", key()),
            entry("router", key()),
            entry("cem", bea) + "operatrs = []",
            "include \"others.conf\"",
            "include file(\"" + others + "\")",
            "include url(\"" + others.toUri() + "\")",
            "include classpath(\"others.conf\")",
        }) {
            Files.writeString(file, bad);
            list.look();
            assertThat(name(list, bea)).as(bad).contains("bea");
        }
        Files.delete(file);
        list.look();
        assertThat(name(list, bea)).contains("bea");

        Files.writeString(file, entry("cem", bea));
        list.look();
        assertThat(name(list, bea)).contains("cem");
    }

    @Test
    void doesNotBelieveAFileThatOthersMayWrite() throws IOException {
        OperatorList list = OperatorList.of(config());
        ByteString thief = key();
        for (String rights : new String[] {"rw-rw----", "rw-r---w-"}) {
            Files.writeString(file, entry("cem", thief));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
            long before = list.refused();
            list.look();
            list.look();
            assertThat(list.refused() - before).as("counted at each look").isEqualTo(2);
            assertThat(name(list, thief)).as(rights).isEmpty();
            assertThat(name(list, bea)).as(rights).contains("bea");
            assertThatThrownBy(this::config)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(file + ": others may write it (" + rights + "): chmod go-w");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        list.look();
        assertThat(name(list, thief)).contains("cem");
    }

    @Test
    void theOwnerIsRootOrTheRoutersUser() {
        Set<PosixFilePermission> rights = PosixFilePermissions.fromString("rw-r--r--");
        assertThat(FileRights.fault(rights, 0, 1000)).isEmpty();
        assertThat(FileRights.fault(rights, 1000, 1000)).isEmpty();
        assertThat(FileRights.fault(rights, 1001, 1000).orElseThrow())
                .contains("it belongs to user 1001")
                .contains("the router's own user (1000)");
        assertThat(FileRights.fault(rights, 1001, 0)).as("root is no exception").isPresent();
    }

    @Test
    void aBadFileIsAProblemOfTheConfiguration() throws IOException {
        Files.writeString(file, "operators += { name = bea, key = guess }\n" + entry("ann", bea) + "more = 1");
        assertThatThrownBy(this::config)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file + ": 1: the key of \"bea\" is no Ed25519 public key")
                .hasMessageContaining(file + ": 2: name \"ann\" is given twice")
                .hasMessageContaining(file + ": unknown key more");
        Files.delete(file);
        assertThatThrownBy(this::config)
                .hasMessageContaining("peerlink.access.operators-file " + file + ": is no file of at most 1 MiB");
    }
}
