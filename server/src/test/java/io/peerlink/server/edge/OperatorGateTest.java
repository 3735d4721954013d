package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.peerlink.protocol.v1.AdministrationGrpc;
import io.peerlink.protocol.v1.GetChallengeResponse;
import io.peerlink.protocol.v1.LockPeerRequest;
import io.peerlink.protocol.v1.OperatorProof;
import io.peerlink.server.audit.AuditLog;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.OperatorList;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.metrics.EdgeMeters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in as an operator: each refusal here would be a way in. */
final class OperatorGateTest {
    private static final MethodDescriptor<?, ?> LOCK = AdministrationGrpc.getLockPeerMethod();
    private static final LockPeerRequest REQUEST =
            LockPeerRequest.newBuilder().setPeer("bob").setTtlMs(60_000).build();
    private static final EdgeMeters METERS = new EdgeMeters(new SimpleMeterRegistry());
    private static final ByteString CERTIFICATE = ByteString.copyFromUtf8("shown");

    @TempDir
    Path directory;

    private KeyPair keys;
    private OperatorGate gate;

    @BeforeEach
    void makeGate() throws Exception {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        gate = gate(entry("ann", keys));
    }

    private OperatorGate gate(String access) throws IOException {
        Path file = Files.writeString(directory.resolve("n1.conf"), "peerlink.access { " + access + " }");
        ServerConfig config = ConfigLoader.load(Optional.of(file), Map.of());
        return gate(config, audit());
    }

    private static OperatorGate gate(ServerConfig config, AuditLog audit) throws IOException {
        return new OperatorGate(config, OperatorList.of(config), audit, new Random(1), METERS);
    }

    private AuditLog audit() throws IOException {
        return AuditLog.open(directory, 1_000_000, InstantSource.system());
    }

    @Test
    void letsAProvenOperatorIn() throws Exception {
        assertThat(gate.challenge().getProofNeeded()).isTrue();
        assertThat(gate.require(call(REQUEST, proof(gate.challenge(), keys, LOCK, REQUEST))))
                .isEqualTo("ann");
    }

    @Test
    void refusesWhoProvesNothing() throws Exception {
        KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        refused(call(REQUEST, ByteString.EMPTY), "needs an operator's key");
        refused(call(REQUEST, ByteString.copyFromUtf8("\u0001\u0002")), "cannot be read");
        refused(call(REQUEST, proof(gate.challenge(), stranger, LOCK, REQUEST)), "not among this router's operators");
        refused(
                call(
                        REQUEST,
                        proof(
                                GetChallengeResponse.newBuilder()
                                        .setClusterId("peerlink-local")
                                        .setRouterId("n1")
                                        .setNonce(ByteString.copyFrom(new byte[32]))
                                        .build(),
                                keys,
                                LOCK,
                                REQUEST)),
                "used, too old, or not this router's");
    }

    @Test
    void takesAProofOnceAndForWhatItWasMade() throws Exception {
        ByteString proof = proof(gate.challenge(), keys, LOCK, REQUEST);
        gate.require(call(REQUEST, proof));
        refused(call(REQUEST, proof), "used, too old");

        LockPeerRequest other = REQUEST.toBuilder().setPeer("eve").build();
        refused(call(other, proof(gate.challenge(), keys, LOCK, REQUEST)), "does not fit the call");
        refused(
                call(REQUEST, proof(gate.challenge(), keys, AdministrationGrpc.getBackupMethod(), REQUEST)),
                "does not fit the call");
        GetChallengeResponse elsewhere =
                gate.challenge().toBuilder().setRouterId("n2").build();
        refused(call(REQUEST, proof(elsewhere, keys, LOCK, REQUEST)), "does not fit the call");
        ByteString good = proof(gate.challenge(), keys, LOCK, REQUEST);
        refused(
                new OperatorGate.Call(LOCK, REQUEST, good, ByteString.copyFromUtf8("another certificate")),
                "does not fit the call");
    }

    @Test
    void letsEverybodyInWhereOnlyThisMachineReachesAndNobodyIsListed() throws Exception {
        OperatorGate open = gate("registration = open");
        assertThat(open.challenge().getProofNeeded()).isFalse();
        assertThat(open.require(call(REQUEST, ByteString.EMPTY))).isEqualTo("loopback");
    }

    @Test
    void letsNobodyInWhereOthersReachAndNobodyIsListed() throws Exception {
        Path file = Files.writeString(
                directory.resolve("far.conf"), "peerlink { bind-host = \"0.0.0.0\", insecure = true }");
        OperatorGate far = gate(ConfigLoader.load(Optional.of(file), Map.of()), audit());
        assertThatThrownBy(() -> far.require(call(REQUEST, ByteString.EMPTY))).hasMessageContaining("OPERATOR_NEEDED");
    }

    @Test
    void writesDownWhatWasAskedAndWhatCameOfIt() throws Exception {
        ByteString proof = proof(gate.challenge(), keys, LOCK, REQUEST);
        assertThat(gate.admit(call(REQUEST, proof), Runnable::run, CompletableFuture::completedFuture)
                        .join())
                .isEqualTo("ann");
        ByteString second = proof(gate.challenge(), keys, LOCK, REQUEST);
        assertThatThrownBy(() -> gate.admit(call(REQUEST, second), Runnable::run, operator -> {
                            throw ErrorMapper.exception(
                                    ErrorMapper.error(io.peerlink.statemachine.Rejection.UNKNOWN_NAME));
                        })
                        .join())
                .isInstanceOf(CompletionException.class);
        assertThatThrownBy(() -> gate.admit(call(REQUEST, second), Runnable::run, CompletableFuture::completedFuture))
                .hasMessageContaining("OPERATOR_NEEDED");

        assertThat(Files.readAllLines(directory.resolve(AuditLog.FILE)))
                .extracting(line ->
                        line.replaceAll("^.*\"operator\"", "\"operator\"").replaceAll(",\"previous.*", ""))
                .containsExactly(
                        "\"operator\":\"ann\",\"call\":\"LockPeer\",\"what\":\"peer=bob ttl_ms=60000\",\"result\":\"asked\"",
                        "\"operator\":\"ann\",\"call\":\"LockPeer\",\"what\":\"peer=bob ttl_ms=60000\",\"result\":\"done\"",
                        "\"operator\":\"ann\",\"call\":\"LockPeer\",\"what\":\"peer=bob ttl_ms=60000\",\"result\":\"asked\"",
                        "\"operator\":\"ann\",\"call\":\"LockPeer\",\"what\":\"peer=bob ttl_ms=60000\","
                                + "\"result\":\"UNKNOWN_NAME\"");
    }

    @Test
    void writesDownWhoReadsOnlyWhereAKeyIsNeeded() throws Exception {
        ByteString proof = proof(gate.challenge(), keys, LOCK, REQUEST);
        assertThat(gate.admitReader(call(REQUEST, proof), Runnable::run, CompletableFuture::completedFuture)
                        .join())
                .isEqualTo("ann");
        assertThat(lines()).hasSize(2);
        assertThatThrownBy(() -> gate.admitReader(
                        call(REQUEST, ByteString.EMPTY), Runnable::run, CompletableFuture::completedFuture))
                .hasMessageContaining("OPERATOR_NEEDED");

        OperatorGate open = gate("registration = open");
        assertThat(open.admitReader(call(REQUEST, ByteString.EMPTY), Runnable::run, CompletableFuture::completedFuture)
                        .join())
                .isEqualTo("loopback");
        assertThat(lines()).hasSize(2);
        open.admit(call(REQUEST, ByteString.EMPTY), Runnable::run, CompletableFuture::completedFuture)
                .join();
        assertThat(lines()).as("what may change something").hasSize(4);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve(AuditLog.FILE));
    }

    @Test
    void doesNothingThatCannotBeWrittenDown() throws Exception {
        AuditLog audit = audit();
        OperatorGate mute = gate(ConfigLoader.load(Optional.empty(), Map.of()), audit);
        audit.close();
        AtomicBoolean done = new AtomicBoolean();

        assertThatThrownBy(() -> mute.admit(call(REQUEST, ByteString.EMPTY), Runnable::run, operator -> {
                            done.set(true);
                            return CompletableFuture.completedFuture(operator);
                        })
                        .join())
                .hasMessageContaining("the audit log cannot be written");
        assertThat(done).isFalse();
    }

    @Test
    void tellsWhatWasDoneThoughItCannotBeWrittenDown() throws Exception {
        AuditLog audit = audit();
        OperatorGate gate = gate(ConfigLoader.load(Optional.empty(), Map.of()), audit);
        assertThat(gate.admit(call(REQUEST, ByteString.EMPTY), ForkJoinPool.commonPool(), operator -> {
                            closed(audit);
                            return CompletableFuture.completedFuture("locked");
                        })
                        .join())
                .isEqualTo("locked");
        assertThat(Files.readAllLines(directory.resolve(AuditLog.FILE)))
                .singleElement()
                .asString()
                .contains("\"asked\"");
    }

    @Test
    void doesNotBlameTheAuditLogForWhatTheCallItselfMet() throws Exception {
        OperatorGate gate = gate("registration = open");
        assertThatThrownBy(() -> gate.admit(
                                call(REQUEST, ByteString.EMPTY),
                                Runnable::run,
                                operator -> CompletableFuture.failedFuture(new IOException("another disk")))
                        .join())
                .hasRootCauseMessage("another disk");
        assertThat(Files.readString(directory.resolve(AuditLog.FILE))).contains("\"result\":\"INTERNAL\"");
    }

    private static void closed(AuditLog audit) {
        try {
            audit.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void letsNobodyInAnyMoreWhoWasTakenOffTheList() throws Exception {
        Path list = directory.resolve("operators.conf");
        Files.writeString(list, entry("ann", keys));
        Path file = Files.writeString(
                directory.resolve("listed.conf"), "peerlink.access.operators-file = \"" + list + "\"");
        ServerConfig config = ConfigLoader.load(Optional.of(file), Map.of());
        OperatorList operators = OperatorList.of(config);
        gate = new OperatorGate(config, operators, audit(), new Random(1), METERS);
        assertThat(gate.require(call(REQUEST, proof(gate.challenge(), keys, LOCK, REQUEST))))
                .isEqualTo("ann");
        GetChallengeResponse before = gate.challenge();

        Files.writeString(list, "");
        operators.look();

        assertThat(gate.challenge().getProofNeeded())
                .as("an empty list is no open door")
                .isTrue();
        refused(call(REQUEST, ByteString.EMPTY), "needs an operator's key");
        refused(call(REQUEST, proof(before, keys, LOCK, REQUEST)), "not among this router's operators");
    }

    private static String entry(String name, KeyPair keys) {
        return "operators += { name = " + name + ", key = \""
                + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()) + "\" }\n";
    }

    private void refused(OperatorGate.Call call, String why) {
        assertThatThrownBy(() -> gate.require(call))
                .hasMessageContaining("OPERATOR_NEEDED")
                .hasMessageContaining(why);
    }

    private static OperatorGate.Call call(LockPeerRequest request, ByteString proof) {
        return new OperatorGate.Call(LOCK, request, proof, CERTIFICATE);
    }

    private static ByteString proof(
            GetChallengeResponse challenge, KeyPair by, MethodDescriptor<?, ?> method, LockPeerRequest request)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(by.getPrivate());
        signature.update(Signatures.fields(
                ByteString.copyFromUtf8("peerlink-operator-v1"),
                ByteString.copyFromUtf8(challenge.getClusterId()),
                ByteString.copyFromUtf8(challenge.getRouterId()),
                ByteString.copyFromUtf8(method.getFullMethodName()),
                challenge.getNonce(),
                Signatures.sha256(request.toByteString()),
                CERTIFICATE));
        return OperatorProof.newBuilder()
                .setPublicKey(ByteString.copyFrom(by.getPublic().getEncoded()))
                .setNonce(challenge.getNonce())
                .setSignature(ByteString.copyFrom(signature.sign()))
                .build()
                .toByteString();
    }
}
