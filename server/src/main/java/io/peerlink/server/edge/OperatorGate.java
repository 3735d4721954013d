package io.peerlink.server.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.MessageOrBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.GetChallengeResponse;
import io.peerlink.protocol.v1.OperatorProof;
import io.peerlink.server.audit.AuditLog;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.Operator;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Lets operators' calls in, and nobody else's: each proves the possession of a listed key over a challenge that is good once, and
 * over what is asked. Where no operators are listed and only this machine reaches the router, everybody may. What is let in is
 * written to the audit log before and after. Any thread; {@link #admit} blocks for the disk and computes signatures.
 */
final class OperatorGate {
    /** In the audit log for whoever needs no proof. */
    static final String NOBODY_IN_PARTICULAR = "loopback";

    private static final ByteString PURPOSE = ByteString.copyFromUtf8("peerlink-operator-v1");
    private static final Duration CHALLENGE_LIFE = Duration.ofSeconds(30);
    /** More are forgotten, the oldest first: a stranger who asks for many can make an operator try again, not more. */
    private static final int CHALLENGES_MAX = 10_000;

    private final ServerConfig config;
    private final AuditLog audit;
    private final RandomGenerator random;
    private final EdgeObserver observer;
    private final boolean proofNeeded;
    private final Cache<ByteString, Boolean> challenges = Caffeine.newBuilder()
            .maximumSize(CHALLENGES_MAX)
            .expireAfterWrite(CHALLENGE_LIFE)
            .build();

    /**
     * Looks up names of hosts: not on an event loop.
     *
     * @param random makes the challenges, so it must be unpredictable; any thread
     */
    OperatorGate(ServerConfig config, AuditLog audit, RandomGenerator random, EdgeObserver observer) {
        this.config = config;
        this.audit = audit;
        this.random = random;
        this.observer = observer;
        this.proofNeeded = !config.access().operators().isEmpty() || config.listensBeyondLoopback();
    }

    /** What a call says of its caller; taken on the event loop, where the call's context is. */
    record Call(MethodDescriptor<?, ?> method, MessageLite request, ByteString proof, ByteString certificate) {
        static Call current(MethodDescriptor<?, ?> method, MessageLite request) {
            return new Call(method, request, OperatorProofs.current(), ShownCertificate.current());
        }
    }

    GetChallengeResponse challenge() {
        ByteString nonce = AttachProof.randomBytes(random);
        challenges.put(nonce, true);
        return GetChallengeResponse.newBuilder()
                .setNonce(nonce)
                .setClusterId(config.clusterId())
                .setRouterId(config.routerId())
                .setProofNeeded(proofNeeded)
                .build();
    }

    /**
     * Carries a call out for an operator, and writes down that it was asked for and what came of it.
     *
     * @param task given the operator's name
     */
    <T> CompletableFuture<T> admit(Call call, Function<String, CompletableFuture<T>> task) {
        String operator = require(call);
        write(operator, call, "asked");
        CompletableFuture<T> done;
        try {
            done = task.apply(operator);
        } catch (RuntimeException e) {
            done = CompletableFuture.failedFuture(e);
        }
        return done.whenComplete(
                (answer, failure) -> write(operator, call, failure == null ? "done" : ErrorMapper.codeOf(failure)));
    }

    /** Who calls; nothing is written down. */
    String require(Call call) {
        try {
            String operator = proven(call);
            observer.operatorCalled(true);
            return operator;
        } catch (StatusRuntimeException e) {
            observer.operatorCalled(false);
            throw e;
        }
    }

    private String proven(Call call) {
        if (!proofNeeded) {
            return NOBODY_IN_PARTICULAR;
        }
        if (call.proof().isEmpty()) {
            throw refusal("this call needs an operator's key");
        }
        OperatorProof proof;
        try {
            proof = OperatorProof.parseFrom(call.proof());
        } catch (InvalidProtocolBufferException e) {
            throw refusal("the proof cannot be read");
        }
        Optional<Operator> operator = config.access().operators().stream()
                .filter(known -> known.publicKey().equals(proof.getPublicKey()))
                .findFirst();
        if (operator.isEmpty()) {
            throw refusal("the key is not among this router's operators");
        }
        // Before the signature is looked at: nobody gets two tries with one.
        if (challenges.asMap().remove(proof.getNonce()) == null) {
            throw refusal("the challenge is used, too old, or not this router's");
        }
        byte[] signed = Signatures.fields(
                PURPOSE,
                ByteString.copyFromUtf8(config.clusterId()),
                ByteString.copyFromUtf8(config.routerId()),
                ByteString.copyFromUtf8(call.method().getFullMethodName()),
                proof.getNonce(),
                Signatures.sha256(call.request().toByteString()),
                call.certificate());
        if (Signatures.fault(proof.getPublicKey(), signed, proof.getSignature()).isPresent()) {
            throw refusal("the signature does not fit the call");
        }
        return operator.get().name();
    }

    private static StatusRuntimeException refusal(String message) {
        return ErrorMapper.exception(
                ErrorMapper.error(
                        ErrorCode.OPERATOR_NEEDED,
                        message,
                        "peerlink operator init makes a key; list it under access.operators on every router, and name it: --operator"));
    }

    private void write(String operator, Call call, String result) {
        try {
            audit.write(
                    operator,
                    String.valueOf(call.method().getBareMethodName()),
                    what((MessageOrBuilder) call.request()),
                    result);
        } catch (IOException e) {
            throw ErrorMapper.exception(ErrorMapper.error(
                    ErrorCode.INTERNAL, "the audit log cannot be written, so nothing is done", "see the router's log"));
        }
    }

    /** The request for people: hashes in hex, as commands show them. */
    private static String what(MessageOrBuilder request) {
        return request.getAllFields().entrySet().stream()
                .map(field -> field.getKey().getName() + "=" + text(field.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String text(Object value) {
        if (value instanceof ByteString bytes) {
            return HexFormat.of().formatHex(bytes.toByteArray());
        }
        return value instanceof MessageOrBuilder message ? "{" + what(message) + "}" : String.valueOf(value);
    }
}
