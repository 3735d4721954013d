package io.peerlink.integration.crowd;

import io.grpc.Channel;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.cluster.Frames;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.RouterFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A peer that attaches, has some requests carried out, frame by frame, and then stays as it is until it is closed. */
final class Errand implements RawPeer.Events {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long AGAIN_MS = 100;

    /**
     * What it is out for.
     *
     * @param frames the requests of each; none may be refused
     * @param readsOn whether it reads what comes afterwards
     */
    record Plan(List<List<Request>> frames, boolean readsOn) {
        /** One request. */
        static Plan of(Request only) {
            return new Plan(List.of(List.of(only)), true);
        }
    }

    private final Plan plan;
    private final CompletableFuture<RawPeer> done = new CompletableFuture<>();
    private int frame;
    private int unsettled;
    private long sequence = 1;

    private Errand(Plan plan) {
        this.plan = plan;
    }

    /**
     * Returns when all is done. Who attaches too fast is patient.
     *
     * @throws IllegalStateException if something is refused
     */
    static RawPeer run(Channel channel, Identity identity, Plan plan) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Errand errand = new Errand(plan);
            RawPeer unused = RawPeer.open(channel, identity, errand);
            try {
                return errand.done
                        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join();
            } catch (CompletionException e) {
                // Joined, the exception's message ends with what the cause says.
                boolean tooFast = String.valueOf(e.getMessage()).endsWith(ErrorCode.RATE_LIMITED.name());
                if (!tooFast || System.nanoTime() > end) {
                    throw new IllegalStateException(identity.name() + " did not get on", e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(AGAIN_MS));
            }
        }
    }

    @Override
    public void attached(RawPeer peer, Attached attached) {
        next(peer);
    }

    private void next(RawPeer peer) {
        if (frame == plan.frames().size()) {
            if (!plan.readsOn()) {
                peer.stopReading();
            }
            done.complete(peer);
            return;
        }
        List<Request> requests = plan.frames().get(frame++);
        unsettled = requests.size();
        peer.send(Frames.requests(sequence, sequence, requests));
        sequence += requests.size();
    }

    @Override
    public void frame(RawPeer peer, RouterFrame came) {
        if (!came.hasOutcomes() || done.isDone()) {
            return;
        }
        for (var run : came.getOutcomes().getRunsList()) {
            if (run.hasRefused()) {
                failed("refused: " + run.getRefused());
            }
            unsettled -= run.getCount();
        }
        if (unsettled == 0) {
            next(peer);
        }
    }

    @Override
    public void ended(String how) {
        failed(how);
    }

    private void failed(String why) {
        done.completeExceptionally(new IllegalStateException(why));
    }
}
