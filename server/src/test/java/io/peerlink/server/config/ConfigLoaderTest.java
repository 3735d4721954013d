package io.peerlink.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class ConfigLoaderTest {
    @TempDir
    private Path directory;

    @Test
    void defaultsAreComplete() {
        ServerConfig config = ConfigLoader.load(Optional.empty(), Map.of());

        assertThat(config.self().client()).hasToString("127.0.0.1:7401");
        assertThat(config.raft().batchBytes()).isEqualTo(256 * 1024);
        assertThat(config.limits().ttl()).isEqualTo(Duration.ofDays(30));
        assertThat(config.tick()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void httpIsOffUnlessAskedForAndThenOnLoopback() {
        assertThat(ConfigLoader.load(Optional.empty(), Map.of()).http().port()).isZero();

        ServerConfig.Http asked = ConfigLoader.load(Optional.empty(), Map.of("PEERLINK_HTTP_PORT", "7481"))
                .http();

        assertThat(asked).isEqualTo(new ServerConfig.Http("127.0.0.1", 7481));
    }

    @Test
    void fileOverridesDefaultsAndEnvironmentOverridesFile() throws IOException {
        Path file = write("peerlink { raft { batches-in-flight = 7, batch-commands = 9 } }");

        ServerConfig config =
                ConfigLoader.load(Optional.of(file), Map.of("PEERLINK_RAFT_BATCHES_IN_FLIGHT", "8", "OTHER", "x"));

        assertThat(config.raft().batchesInFlight()).isEqualTo(8);
        assertThat(config.raft().batchCommands()).isEqualTo(9);
    }

    @Test
    void unknownKeyIsAnErrorWithItsLineAndASuggestion() throws IOException {
        Path file = write("peerlink {\n  limits {\n    body-byts = 10\n  }\n}");

        assertThat(problems(file, Map.of()))
                .singleElement()
                .asString()
                .contains(file.toString())
                .contains("3")
                .contains("unknown key peerlink.limits.body-byts")
                .contains("did you mean peerlink.limits.body-bytes?");
    }

    @Test
    void allProblemsAreToldAtOnceWithOriginAndRange() throws IOException {
        Path file = write("peerlink {\n  raft.batches-in-flight = 65\n  tick = soon\n  router-id = \"Big Name\"\n}");

        List<String> problems = problems(file, Map.of("PEERLINK_LIMITS_SESSIONS", "0"));

        assertThat(problems)
                .anyMatch(problem -> problem.contains(": 2") && problem.contains("65 is out of range: 1 to 64"))
                .anyMatch(problem -> problem.contains(": 3") && problem.contains("tick"))
                .anyMatch(problem -> problem.contains("router-id") && problem.contains("Big Name"))
                .anyMatch(problem -> problem.contains("environment variable PEERLINK_LIMITS_SESSIONS"));
    }

    @Test
    void routersAreChecked() throws IOException {
        Path file = write("""
                peerlink {
                  router-id = n9
                  routers = [
                    { id = n1, client = "a:1", raft = "a:70000" }
                    { id = n1, client = "a:1", raft = "b:2" }
                  ]
                }
                """);

        assertThat(problems(file, Map.of()))
                .anyMatch(problem -> problem.contains("\"a:70000\" is not host:port"))
                .anyMatch(problem -> problem.contains("n1 is given twice"))
                .anyMatch(problem -> problem.contains("a:1 is given twice"))
                .anyMatch(problem -> problem.contains("\"n9\" is not among routers"));
    }

    @Test
    void routersHaveNoOtherKeysAndNoAddressTwice() throws IOException {
        Path file = write("peerlink.routers = [ { id = n1, client = \"a:1\", raft = \"a:1\", weight = 3 } ]");

        assertThat(problems(file, Map.of()))
                .anyMatch(problem -> problem.contains("unknown key weight"))
                .anyMatch(problem -> problem.contains("a:1 is given twice"));
    }

    @Test
    void unresolvedSubstitutionIsNamed() throws IOException {
        Path file = write("peerlink.tick = ${nope}");

        assertThat(problems(file, Map.of())).singleElement().asString().contains("nope");
    }

    @Test
    void missingFileAndBrokenSyntaxAreNamed() throws IOException {
        assertThat(problems(directory.resolve("none.conf"), Map.of()))
                .singleElement()
                .asString()
                .contains("none.conf: cannot be read");
        Path broken = write("peerlink { tick = ");
        assertThat(problems(broken, Map.of())).singleElement().asString().contains("node.conf");
    }

    @Test
    void electionTimeoutsMustBeInOrder() throws IOException {
        Path file = write("peerlink.raft { election-timeout-min = 2s, election-timeout-max = 1s }");

        assertThat(problems(file, Map.of()))
                .singleElement()
                .asString()
                .contains("election-timeout-max must be greater than election-timeout-min (2000ms)");
    }

    /** What nobody reads cannot be wrong. */
    @Test
    void everyDocumentedKeyIsRead() throws IOException {
        for (Setting setting : ConfigLoader.settings(Optional.empty(), Map.of())) {
            Path file = write(setting.key() + " = [ 7 ]");
            assertThat(problems(file, Map.of()))
                    .as(setting.key())
                    .anySatisfy(problem -> assertThat(problem)
                            .contains(setting.key().substring("peerlink.".length()))
                            .contains("node.conf: 1"));
        }
    }

    /** Several keys on consecutive lines may share what is said above the first. */
    @Test
    void everyKeyIsExplained() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "conf", "peerlink.conf"));
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).matches(" +[a-z-]+ = .*")) {
                assertThat(lines.get(i - 1).strip())
                        .as(lines.get(i))
                        .isNotEmpty()
                        .doesNotEndWith("{");
            }
        }
    }

    @Test
    void everySettingIsShownWithItsOrigin() throws IOException {
        Path file = write("peerlink {\n  tick = 2s\n}");

        assertThat(ConfigLoader.settings(Optional.of(file), Map.of("PEERLINK_LIMITS_SESSIONS", "12")))
                .contains(new Setting("peerlink.tick", "\"2s\"", file + ": 2"))
                .contains(new Setting(
                        "peerlink.limits.sessions", "\"12\"", "environment variable PEERLINK_LIMITS_SESSIONS"))
                .anySatisfy(setting -> assertThat(setting.origin()).startsWith("built-in defaults"));
    }

    @Test
    void aVariableNamedAfterASectionMustBeAKey() throws IOException {
        Path file = write("peerlink { tick = 1h, tack = 1 }");

        assertThat(problems(file, Map.of("PEERLINK_RAFT_BATCHES_IN_FLIHGT", "3", "PEERLINK_HOME", "/opt")))
                .as("with all other problems")
                .anyMatch(problem -> problem.contains("PEERLINK_RAFT_BATCHES_IN_FLIHGT")
                        && problem.contains("did you mean PEERLINK_RAFT_BATCHES_IN_FLIGHT?"))
                .anyMatch(problem -> problem.contains("unknown key peerlink.tack"))
                .anyMatch(problem -> problem.contains("out of range"))
                .hasSize(3);
    }

    @Test
    void aProblemComesWithTheDefault() throws IOException {
        Path file = write("peerlink { tick = 1h, limits.sessions = many }");

        assertThat(problems(file, Map.of()))
                .anyMatch(problem -> problem.contains("out of range: 100ms to 60000ms; the default is \"1s\""))
                .anyMatch(problem -> problem.contains("limits.sessions") && problem.endsWith("the default is 10000"));
    }

    @Test
    void listensBeyondLoopbackOnlyByTlsOrIfToldThatItIsInsecure() throws IOException {
        Path file = write("peerlink.bind-host = \"0.0.0.0\"");

        assertThat(problems(file, Map.of()))
                .singleElement()
                .asString()
                .contains("peerlink.insecure is false", "on 0.0.0.0", "peerlink tls init");
        assertThat(ConfigLoader.load(Optional.of(file), Map.of("PEERLINK_INSECURE", "true"))
                        .listensBeyondLoopback())
                .isTrue();
        assertThat(ConfigLoader.load(Optional.empty(), Map.of()).listensBeyondLoopback())
                .isFalse();
    }

    @Test
    void tlsNeedsAllOfItsFiles() throws IOException {
        String there = write("").toString();

        assertThat(problems(write("peerlink.tls { certificate = \"" + there + "\", key = none.pem }"), Map.of()))
                .hasSize(5)
                .anyMatch(problem -> problem.contains("peerlink.tls.key \"none.pem\" cannot be read"))
                .anyMatch(problem -> problem.contains("peerlink.tls.raft.ca is missing"));
        assertThat(problems(write("peerlink.tls.min-version = \"1.1\""), Map.of()))
                .singleElement()
                .asString()
                .contains("\"1.1\" must be 1.2 or 1.3");
        assertThat(withKeys("rw-r-----", "rw-------").tls().orElseThrow().minVersion())
                .isEqualTo(ServerConfig.TlsVersion.V1_3);
    }

    @Test
    void aKeyThatEverybodyMayReadIsNoSecret() {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> withKeys("rw-r--r--", "rw-----w-"));

        assertThat(refused.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.contains("peerlink.tls.key")
                        && problem.contains("can be read or written by everybody (rw-r--r--): chmod o-rw"))
                .anyMatch(problem -> problem.contains("peerlink.tls.raft.key") && problem.contains("(rw-----w-)"));
    }

    private ServerConfig withKeys(String rights, String raftRights) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), "");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(rights));
        Path raftKey = Files.writeString(directory.resolve("raft-key"), "");
        Files.setPosixFilePermissions(raftKey, PosixFilePermissions.fromString(raftRights));
        String others = ", certificate = \"" + key + "\", ca = \"" + key + "\"";
        return ConfigLoader.load(
                Optional.of(write("peerlink { bind-host = \"0.0.0.0\", tls { key = \"" + key + "\"" + others
                        + ", raft { key = \"" + raftKey + "\"" + others + " } } }")),
                Map.of());
    }

    @Test
    void aPathThatIsNoneIsAProblemLikeAnyOther() throws IOException {
        Path file = write("peerlink { data-dir = \"a\\u0000b\", tick = 1h }");

        assertThat(problems(file, Map.of()))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("node.conf: 1") && problem.contains("data-dir is not a path"));
    }

    /** The library takes them for files that set nothing: a router would start with open registration and data in the working directory. */
    @Test
    void whatIsNoFileIsNoConfiguration() {
        assertThat(problems(directory, Map.of())).containsExactly(directory + ": is no file");
        assertThat(problems(Path.of("/dev/null"), Map.of())).containsExactly("/dev/null: is no file");
    }

    /** One with comments only sets nothing either. */
    @Test
    void aFileMayLeaveAllToTheDefaults() throws IOException {
        assertThat(ConfigLoader.load(Optional.of(write("")), Map.of())).isEqualTo(defaults());
        assertThat(ConfigLoader.load(Optional.of(write("# n1\n")), Map.of())).isEqualTo(defaults());
    }

    @Test
    void objectsWithoutEndAreAProblem() throws IOException {
        String deep = "a{".repeat(20_000);
        assertThat(problems(write("peerlink{" + deep), Map.of()))
                .containsExactly(directory.resolve("node.conf") + ": has too many objects or lists in one another");
        Path operators = Files.writeString(directory.resolve("operators.conf"), deep);
        assertThat(problems(write("peerlink.access.operators-file = \"" + operators + "\""), Map.of()))
                .containsExactly(operators + ": has too many objects or lists in one another");
    }

    @Test
    void whatCannotBeReadIsToldWithWhatIsNeeded() throws IOException {
        Path file = write("peerlink {\n tick = soon\n insecure = perhaps\n raft.batch-bytes = much\n routers = 3\n}");

        assertThat(problems(file, Map.of()))
                .anyMatch(problem -> problem.contains(": 2")
                        && problem.endsWith("'soon'; needed is a time (10s): 100ms to 60000ms; the default is \"1s\""))
                .anyMatch(problem -> problem.contains(": 3") && problem.contains("; needed is true or false;"))
                .anyMatch(problem ->
                        problem.contains(": 4") && problem.contains("; needed is bytes (64 MiB): 1024 to 1048576;"))
                .anyMatch(problem -> problem.contains(": 5") && problem.contains("; needed is a list of { ... };"))
                .hasSize(4);
    }

    @Test
    void aListInTheEnvironmentIsWrittenAsInAFile() {
        String routers = "[ { id = n1, client = \"a:1\", raft = \"a:2\" } ]";

        ServerConfig config =
                ConfigLoader.load(Optional.empty(), Map.of("PEERLINK_ROUTERS", routers, "PEERLINK_INSECURE", "true"));

        assertThat(config.routers()).hasSize(1);
        assertThat(config.self().client()).hasToString("a:1");
        assertThat(problems(Optional.empty(), Map.of("PEERLINK_ROUTERS", "[ {")))
                .singleElement()
                .asString()
                .contains("environment variable PEERLINK_ROUTERS");
    }

    @Test
    void hostsToBindAreHostsAndTheDataLieInADirectory() throws IOException {
        Path file =
                write("peerlink {\n http.bind = \"not an ip!\"\n bind-host = \"\"\n data-dir = \"/etc/passwd/n1\"\n}");

        assertThat(problems(file, Map.of()))
                .anyMatch(problem -> problem.contains("node.conf: 2: peerlink.http.bind \"not an ip!\" is neither"))
                .anyMatch(problem -> problem.contains("node.conf: 4: peerlink.data-dir")
                        && problem.contains("/etc/passwd is a file"))
                .hasSize(2);
        for (String host : List.of("127.0.0.1", "::1", "[::1]", "fe80::1%eth0", "m1.example.org", "localhost")) {
            assertThat(ConfigLoader.load(Optional.of(write("peerlink.http.bind = \"" + host + "\"")), Map.of())
                            .http()
                            .bind())
                    .isEqualTo(host);
        }
    }

    @Test
    void aVariableLikeAKeyThatIsNoneIsWarnedOf() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ConfigLoader.class);
        logger.addAppender(lines);
        lines.start();
        try {
            ConfigLoader.load(
                    Optional.empty(),
                    Map.of(
                            "PEERLINK_TIK", "2s",
                            "PEERLINK_HOME", "/opt",
                            "PEERLINK_JAVA_OPTS", "-Xmx1g",
                            "PEERLINK_RAFT_SERVICE_HOST", "10.0.0.1",
                            "PEERLINK_RAFT_PORT_7411_TCP_ADDR", "10.0.0.1",
                            "PEERLINK_RAFT_PORT", "tcp://10.0.0.1:7411"));
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("environment variable PEERLINK_TIK: no key is named so; did you mean PEERLINK_TICK?");
        assertThat(problems(Optional.empty(), Map.of("PEERLINK_HTTP_PORT_FILE", "/run/port")))
                .singleElement()
                .asString()
                .contains("PEERLINK_HTTP_PORT_FILE: no key is named so");
    }

    private static ServerConfig defaults() {
        return ConfigLoader.load(Optional.empty(), Map.of());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("node.conf"), text);
    }

    private static List<String> problems(Path file, Map<String, String> environment) {
        return problems(Optional.of(file), environment);
    }

    private static List<String> problems(Optional<Path> file, Map<String, String> environment) {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, environment));
        assertThat(refused).isNotNull();
        return refused.problems();
    }
}
