package io.peerlink.integration.crowd;

import io.grpc.Channel;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.RouterFrame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One place at which a peer attaches, ends its session, and attaches again as a new one, without a pause. */
final class AttachFlood implements RawPeer.Events {
    /** Not at once: a stream that ends at once would call this again and again, deeper and deeper. */
    private static final Executor SOON = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private final Channel channel;
    private final Supplier<Identity> identities;
    private final Tally tally;

    /**
     * @param identities who attaches next
     */
    AttachFlood(Channel channel, Supplier<Identity> identities, Tally tally) {
        this.channel = channel;
        this.identities = identities;
        this.tally = tally;
    }

    void start() {
        tally.asked(1);
        RawPeer unused = RawPeer.open(channel, identities.get(), this);
    }

    @Override
    public void attached(RawPeer peer, Attached attached) {
        tally.outcome(attached.getRegistered() ? "REGISTERED" : "ATTACHED", 1);
        peer.complete();
    }

    @Override
    public void frame(RawPeer peer, RouterFrame frame) {
        // Nothing that matters here.
    }

    @Override
    public void ended(String how) {
        tally.ended(how);
        SOON.execute(this::start);
    }
}
