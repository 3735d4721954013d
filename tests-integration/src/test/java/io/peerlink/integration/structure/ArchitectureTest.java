package io.peerlink.integration.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The dependency rules of the design: who may see whom. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.peerlink");

    @Test
    void theImportFoundTheModules() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName()))
                .contains(
                        "io.peerlink.statemachine.apply",
                        "io.peerlink.client.session",
                        "io.peerlink.server.raft",
                        "io.peerlink.cli.shell");
    }

    @Test
    void stateMachineSeesNobody() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.peerlink.statemachine..", "io.peerlink.log..", "io.peerlink.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.ratis..",
                        "io.grpc..",
                        "io.peerlink.server..",
                        "io.peerlink.client..",
                        "io.peerlink.protocol..",
                        "io.peerlink.cli..",
                        "org.slf4j.."));
    }

    @Test
    void stateMachineHasNoClockRandomnessThreadOrEnvironment() {
        check(noClasses()
                .that()
                .resideInAPackage("io.peerlink.statemachine..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.time.Clock.class,
                        java.time.Instant.class,
                        java.util.Random.class,
                        java.security.SecureRandom.class,
                        java.util.concurrent.ThreadLocalRandom.class,
                        java.util.UUID.class,
                        CompletableFuture.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Locale"));
        check(noClasses()
                .that()
                .resideInAPackage("io.peerlink.statemachine..")
                .should()
                .callConstructor(Thread.class, Runnable.class));
    }

    @Test
    void appliersAndTablesIterateNothingUnordered() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.peerlink.statemachine.apply..", "io.peerlink.statemachine.state..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.HashSet.class, java.util.concurrent.ConcurrentHashMap.class)
                .orShould()
                .callConstructor(java.util.HashMap.class));
    }

    @Test
    void onlyTheRaftPackageSeesRatis() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.peerlink.server.raft..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.ratis.."));
    }

    @Test
    void onlyTheMetricsPackageSeesMicrometer() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.peerlink.server.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus.."));
    }

    @Test
    void onlyStoreAndSnapshotSeeRocksDb() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.peerlink.statemachine.store..", "io.peerlink.statemachine.snapshot..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb.."));
    }

    @Test
    void onlyTheEdgesSeeGrpc() {
        // server.tls: for the managers of keys that follow their files, which serve our edge and Ratis' port alike.
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.peerlink.server.edge..",
                        "io.peerlink.server.tls..",
                        "io.peerlink.client.session..",
                        "io.peerlink.client.admin..",
                        "io.peerlink.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.grpc.."));
    }

    @Test
    void onlyTheEncryptionPackageSeesTink() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.peerlink.client.encryption..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.crypto.tink.."));
    }

    @Test
    void serverUsesTheProtocolButNotTheSdk() {
        check(noClasses()
                .that()
                .resideInAPackage("io.peerlink.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.peerlink.client..", "io.peerlink.cli.."));
    }

    @Test
    void clientAndCommandLineDoNotSeeTheServer() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.peerlink.client..", "io.peerlink.cli..", "io.peerlink.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peerlink.server..",
                        "io.peerlink.statemachine..",
                        "io.peerlink.log..",
                        "io.peerlink.state..",
                        "org.apache.ratis..",
                        "org.rocksdb.."));
    }

    @Test
    void oneMapperTurnsProtocolRequestsIntoCommands() {
        // RequestForm and CommandWriter are the mapper's parts for requests. The session counts what a command the
        // mapper
        // made asks for.
        check(noClasses()
                .that()
                .resideInAPackage("io.peerlink.server.edge..")
                .and()
                .haveNameNotMatching(
                        ".*\\.edge\\.(FrameMapper|RequestForm|GroupChangeForm|AccessChanges|CommandWriter|AttachedSession)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.peerlink.log.."));
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "io.peerlink.server.submit..", "io.peerlink.server.raft..", "io.peerlink.server.dispatch..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.peerlink.protocol.."));
    }

    @Test
    void stationsDoNotKnowWhoWatchesThem() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "io.peerlink.server.raft..",
                        "io.peerlink.server.submit..",
                        "io.peerlink.server.dispatch..",
                        "io.peerlink.server.edge..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peerlink.server.metrics..",
                        "io.peerlink.server.health..",
                        "io.peerlink.server.http..",
                        "com.sun.net.httpserver.."));
    }

    @Test
    void serverStationsPointOneWay() {
        check(noClasses()
                .that()
                .resideInAPackage("io.peerlink.server.raft..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peerlink.server.edge..", "io.peerlink.server.submit..", "io.peerlink.server.dispatch.."));
        check(noClasses()
                .that()
                .resideInAnyPackage("io.peerlink.server.submit..", "io.peerlink.server.dispatch..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.peerlink.server.edge.."));
    }

    @Test
    void packagesHaveNoCycles() {
        for (String module : new String[] {"statemachine", "client", "server", "cli"}) {
            check(slices().matching("io.peerlink." + module + ".(*)..").should().beFreeOfCycles());
        }
    }

    @Test
    void appliersArePrivateToTheirPackage() {
        check(classes()
                .that()
                .resideInAPackage("io.peerlink.statemachine.apply")
                .and()
                .haveSimpleNameEndingWith("Applier")
                .and()
                .doNotHaveSimpleName("CommandApplier")
                .should()
                .bePackagePrivate()
                .andShould()
                .haveModifier(JavaModifier.FINAL));
    }

    @Test
    void namesSayWhatTheyAre() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "io.peerlink.statemachine..",
                        "io.peerlink.client..",
                        "io.peerlink.server..",
                        "io.peerlink.cli..")
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
                .orShould()
                .haveNameMatching(".*\\.Abstract[A-Z].*"));
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
