package io.peerlink.client;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Deliveries;
import io.peerlink.protocol.v1.Delivery;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.Outcomes;
import io.peerlink.protocol.v1.Pong;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.RouterFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One stream at a scripted router. Guarded by itself. */
final class FakeStream implements StreamObserver<ClientFrame> {
    private final FakeRouter router;
    private final StreamObserver<RouterFrame> out;
    private final String token = UUID.randomUUID().toString();
    private String name = "";
    private long incarnation;
    private boolean subscribed;
    private long position;
    private int credit;
    private boolean ended;
    private @Nullable Attach waiting;

    FakeStream(FakeRouter router, StreamObserver<RouterFrame> out) {
        this.router = router;
        this.out = out;
    }

    synchronized String token() {
        return ended ? "" : token;
    }

    @Override
    public synchronized void onNext(ClientFrame frame) {
        router.frames.add(frame);
        if (router.frozen || ended) {
            return;
        }
        Error refusal = router.refusal.apply(frame);
        if (refusal != null) {
            refuse(refusal);
            return;
        }
        switch (frame.getKindCase()) {
            case HELLO -> hello(frame);
            case ATTACH -> attach(frame.getAttach());
            case REQUESTS -> requests(frame.getRequests());
            case SUBSCRIBE -> {
                subscribed = true;
                credit = frame.getSubscribe().getCredit();
                position = Math.max(frame.getSubscribe().getAfterInboxSequence(), router.cluster.cursor());
                pump();
            }
            case CREDIT -> {
                credit += frame.getCredit().getDeliveries();
                pump();
            }
            case CURSOR_ACK -> router.cluster.confirm(frame.getCursorAck().getInboxSequence());
            case DETACH -> end();
            case PING ->
                send(RouterFrame.newBuilder()
                        .setPong(Pong.newBuilder().setNonce(frame.getPing().getNonce())));
            case KIND_NOT_SET -> throw new IllegalStateException("empty frame");
        }
    }

    private void hello(ClientFrame frame) {
        name = frame.getHello().getName();
        if (router.leader || router.undecided) {
            send(RouterFrame.newBuilder()
                    .setChallenge(Challenge.newBuilder()
                            .setNonce(router.nonce())
                            .setClusterId(FakeCluster.ID)
                            .setUndecided(router.undecided)));
        } else {
            refuseAsFollower();
        }
    }

    private void refuseAsFollower() {
        refuse(Error.newBuilder()
                .setCode(ErrorCode.NOT_LEADER)
                .setRetryable(true)
                .setLeaderAddress(router.leaderAddress)
                .build());
    }

    synchronized void decided() {
        Attach attach = waiting;
        waiting = null;
        if (attach != null) {
            attach(attach);
        }
    }

    private void attach(Attach attach) {
        ByteString known = router.cluster.keys.get(name);
        if (router.undecided) {
            waiting = attach;
        } else if (!router.leader) {
            refuseAsFollower();
        } else if (!isSigned(attach)) {
            refuse(FakeCluster.error(ErrorCode.BAD_SIGNATURE, "bad signature"));
        } else if (known == null && !attach.getRegister()) {
            refuse(FakeCluster.error(ErrorCode.NOT_REGISTERED, "unknown"));
        } else if (known != null && !known.equals(attach.getPublicKey())) {
            refuse(FakeCluster.error(ErrorCode.WRONG_KEY, "another key"));
        } else if (attach.getResumeIncarnation() != 0 && !router.cluster.knows(attach.getResumeIncarnation())) {
            refuse(FakeCluster.error(ErrorCode.UNKNOWN_INCARNATION, "forgotten"));
        } else {
            router.cluster.keys.put(name, attach.getPublicKey());
            incarnation = attach.getResumeIncarnation() == 0
                    ? router.cluster.openIncarnation()
                    : attach.getResumeIncarnation();
            send(RouterFrame.newBuilder()
                    .setAttached(Attached.newBuilder()
                            .setIncarnation(incarnation)
                            .setLastSequence(router.cluster.lastSequence(incarnation))
                            .setCursor(router.cluster.cursor())
                            .setHead(router.cluster.inbox.size())
                            .setSessionToken(token)
                            .setTerm(router.term)
                            .setRouterId(router.id)
                            .setBodyBytesMax(router.bodyBytesMax)
                            .setUnsettledRequestsMax(router.unsettledMax)
                            .setTtlMsMax(1_000_000)
                            .addAllRouterAddresses(router.addresses)
                            .setRegistered(known == null)));
        }
    }

    private boolean isSigned(Attach attach) {
        List<byte[]> fields = List.of(
                "peerlink-attach-v1".getBytes(StandardCharsets.US_ASCII),
                FakeCluster.ID.getBytes(StandardCharsets.UTF_8),
                name.getBytes(StandardCharsets.US_ASCII),
                router.nonce().toByteArray(),
                attach.getPublicKey().toByteArray());
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(attach.getPublicKey().toByteArray())));
            for (byte[] field : fields) {
                signature.update(ByteBuffer.allocate(4).putInt(field.length).array());
                signature.update(field);
            }
            return signature.verify(attach.getSignature().toByteArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void requests(Requests requests) {
        if (router.ignoresRequests) {
            return;
        }
        Outcomes.Builder outcomes = Outcomes.newBuilder();
        long sequence = requests.getFirstSequence();
        for (Request single : FakeCluster.single(requests)) {
            if (single.hasPublishKeys()) {
                router.cluster.published.put(name, single.getPublishKeys());
            }
            outcomes.addRuns(router.cluster.carryOut(incarnation, sequence, single));
            sequence++;
        }
        if (!router.mute) {
            send(RouterFrame.newBuilder().setOutcomes(outcomes));
        }
    }

    synchronized void pump() {
        if (!subscribed || ended || credit <= 0) {
            return;
        }
        List<Delivery> next = router.cluster.inboxAfter(position, credit);
        if (!next.isEmpty()) {
            position = next.get(next.size() - 1).getInboxSequence();
            credit -= next.size();
            send(RouterFrame.newBuilder()
                    .setDeliveries(
                            Deliveries.newBuilder().addAllDeliveries(next).setUpToInboxSequence(position)));
        }
    }

    synchronized void send(RouterFrame.Builder frame) {
        if (!ended && !router.frozen) {
            out.onNext(frame.build());
        }
    }

    synchronized void refuse(Error error) {
        send(RouterFrame.newBuilder().setError(error));
        end();
    }

    synchronized void fail(Status status) {
        if (!ended) {
            ended = true;
            out.onError(status.asRuntimeException());
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            out.onCompleted();
        }
    }

    @Override
    public synchronized void onError(Throwable failure) {
        ended = true;
    }

    @Override
    public synchronized void onCompleted() {
        if (!router.frozen) {
            end();
        }
    }
}
