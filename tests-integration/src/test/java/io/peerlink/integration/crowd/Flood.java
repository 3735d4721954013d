package io.peerlink.integration.crowd;

import io.grpc.Channel;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.RouterFrame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A session that sends frames as fast as the router reads them, and comes back as a new one when it is ended. */
final class Flood implements RawPeer.Events {
    /** Below what a session may have without an outcome, so that it stays. */
    private static final int UNSETTLED_MAX = 15_000;

    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final Channel channel;
    private final Identity identity;
    private final Function<Attached, Pattern> patterns;
    private final Tally tally;
    private Pattern pattern = Pattern.pings(Attached.getDefaultInstance());
    private boolean attached;
    private long sequence;
    private long number;
    private int unsettled;

    Flood(Channel channel, Identity identity, Function<Attached, Pattern> patterns, Tally tally) {
        this.channel = channel;
        this.identity = identity;
        this.patterns = patterns;
        this.tally = tally;
    }

    void start() {
        RawPeer unused = RawPeer.open(channel, identity, this);
    }

    @Override
    public void attached(RawPeer peer, Attached now) {
        pattern = patterns.apply(now);
        attached = true;
        sequence = 1;
        unsettled = 0;
        goOn(peer);
    }

    @Override
    public void ready(RawPeer peer) {
        if (attached) {
            goOn(peer);
        }
    }

    private void goOn(RawPeer peer) {
        while (peer.isReady() && unsettled < UNSETTLED_MAX) {
            ClientFrame frame = pattern.frame(sequence, number++);
            int requests = frame.getRequests().getRequestsCount();
            sequence += requests;
            int answers = Math.max(1, requests);
            unsettled += answers;
            tally.asked(answers);
            peer.send(frame);
        }
    }

    @Override
    public void frame(RawPeer peer, RouterFrame frame) {
        if (frame.hasPong()) {
            answered("PONG", 1);
        }
        for (OutcomeRun run : frame.getOutcomes().getRunsList()) {
            switch (run.getResultCase()) {
                case SENT -> answered("SENT", run.getCount());
                case DONE -> answered("DONE", run.getCount());
                case REFUSED -> answered(run.getRefused().getCode().name(), run.getCount());
                case RESULT_NOT_SET -> throw new IllegalStateException("an outcome that says nothing: " + run);
            }
        }
        goOn(peer);
    }

    private void answered(String code, int count) {
        unsettled -= count;
        tally.outcome(code, count);
    }

    @Override
    public void ended(String how) {
        attached = false;
        tally.ended(how);
        SOON.execute(this::start);
    }
}
