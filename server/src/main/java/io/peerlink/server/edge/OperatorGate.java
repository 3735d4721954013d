package io.peerlink.server.edge;

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
import io.peerlink.server.config.OperatorList;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.Operator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets operators' calls in, and nobody else's: each proves the possession of a listed key over a challenge that is good once, and
 * over what is asked. Where no operators are listed and only this machine reaches the router, everybody may. What is let in is
 * written to the audit log before and after, but for what nobody in particular reads. Any thread.
 */
final class OperatorGate {
    private static final Logger LOGGER = LoggerFactory.getLogger(OperatorGate.class);

    private static final String STALE = "the challenge is used, too old, or not this router's";
    private static final ByteString PURPOSE = ByteString.copyFromUtf8("peerlink-operator-v1");

    private final ServerConfig config;
    private final OperatorList operators;
    private final AuditLog audit;
    private final EdgeObserver observer;
    private final boolean proofNeeded;
    private final Challenges challenges;

    /**
     * Looks up names of hosts: not on an event loop.
     *
     * @param random makes the challenges, so it must be unpredictable; any thread
     */
    OperatorGate(
            ServerConfig config,
            OperatorList operators,
            AuditLog audit,
            RandomGenerator random,
            EdgeObserver observer) {
        this.config = config;
        this.operators = operators;
        this.audit = audit;
        this.challenges = new Challenges(random, System::nanoTime);
        this.observer = observer;
        this.proofNeeded = operators.isKept() || config.listensBeyondLoopback();
    }

    /** What a call says of its caller; taken on the event loop, where the call's context is. */
    record Call(MethodDescriptor<?, ?> method, MessageLite request, ByteString proof, ByteString certificate) {
        static Call current(MethodDescriptor<?, ?> method, MessageLite request) {
            return new Call(method, request, OperatorProofs.current(), ShownCertificate.current());
        }

        private String name() {
            return String.valueOf(method.getBareMethodName());
        }
    }

    GetChallengeResponse challenge() {
        return GetChallengeResponse.newBuilder()
                .setNonce(challenges.issue())
                .setClusterId(config.clusterId())
                .setRouterId(config.routerId())
                .setProofNeeded(proofNeeded)
                .build();
    }

    /**
     * Carries a call out for an operator, and writes down that it was asked for and what came of it. Computes a signature, so not
     * on an event loop.
     *
     * @param work where the task runs
     * @param task given the operator's name
     */
    <T> CompletableFuture<T> admit(Call call, Executor work, Function<String, CompletableFuture<T>> task) {
        String operator = require(call);
        CompletableFuture<Void> asked = write(operator, call, "asked");
        return asked.thenComposeAsync(written -> task.apply(operator), work)
                .handle((answer, failure) -> asked.isCompletedExceptionally()
                        ? CompletableFuture.<T>failedFuture(unwritable(call, failure))
                        : told(operator, call, answer, failure))
                .thenCompose(Function.identity());
    }

    /**
     * As {@link #admit}, for a call that only reads: where nobody needs a key it is not written down. It tells nothing of anybody there,
     * and whoever is on the machine could fill the disk with such lines.
     */
    <T> CompletableFuture<T> admitReader(Call call, Executor work, Function<String, CompletableFuture<T>> task) {
        return proofNeeded
                ? admit(call, work, task)
                : CompletableFuture.completedFuture(require(call)).thenComposeAsync(task, work);
    }

    private static StatusRuntimeException unwritable(Call call, @Nullable Throwable failure) {
        LOGGER.error("{} was refused, because the audit log cannot be written", call.name(), failure);
        return ErrorMapper.exception(ErrorMapper.error(
                ErrorCode.INTERNAL, "the audit log cannot be written, so nothing is done", "see the router's log"));
    }

    /** What was done stays done, whether or not that can be written down: the caller must know. */
    private <T> CompletableFuture<T> told(String operator, Call call, @Nullable T answer, @Nullable Throwable failure) {
        return write(operator, call, failure == null ? "done" : ErrorMapper.codeOf(failure))
                .handle((written, unwritten) -> {
                    if (unwritten != null) {
                        LOGGER.error("what came of {} by {} is not in the audit log", call.name(), operator, unwritten);
                    }
                    return null;
                })
                .thenCompose(any -> failure == null
                        ? CompletableFuture.completedFuture(answer)
                        : CompletableFuture.failedFuture(failure));
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
            return ServerConfig.NO_OPERATOR;
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
        Optional<Operator> operator = operators.withKey(proof.getPublicKey());
        if (operator.isEmpty()) {
            throw refusal("the key is not among this router's operators");
        }
        if (!challenges.isGood(proof.getNonce())) {
            throw refusal(STALE);
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
        if (!challenges.use(proof.getNonce())) {
            throw refusal(STALE);
        }
        return operator.get().name();
    }

    private static StatusRuntimeException refusal(String message) {
        return ErrorMapper.exception(
                ErrorMapper.error(
                        ErrorCode.OPERATOR_NEEDED,
                        message,
                        "peerlink operator init makes a key; list it on every router (access.operators-file), and name it: --operator"));
    }

    private CompletableFuture<Void> write(String operator, Call call, String result) {
        return audit.write(operator, call.name(), what((MessageOrBuilder) call.request()), result);
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
