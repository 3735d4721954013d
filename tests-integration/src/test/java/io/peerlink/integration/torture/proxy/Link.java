package io.peerlink.integration.torture.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection that came in, and its continuation to the router. Owned by the relay's thread. */
final class Link {
    private final long number;
    private final Troubles troubles;
    private final SocketChannel caller;
    private final InetSocketAddress target;
    private final SocketChannel router;
    private final SelectionKey callerKey;
    private final SelectionKey routerKey;
    private final Lane up;
    private final Lane down;
    /** The direction that lives on after the other was cut, and what it had passed then. */
    private @Nullable Lane survivor;

    private long survivorBytes;

    /**
     * Goes on to the router once it is moved.
     *
     * @param number counts connections as they came in
     * @param caller what came in
     * @param target the router
     * @param selector where both are registered, with this as the attachment
     */
    Link(long number, SocketChannel caller, InetSocketAddress target, Selector selector, Troubles troubles)
            throws IOException {
        this.number = number;
        this.troubles = troubles;
        this.caller = caller;
        this.target = target;
        router = SocketChannel.open();
        caller.configureBlocking(false);
        router.configureBlocking(false);
        caller.setOption(StandardSocketOptions.TCP_NODELAY, true);
        router.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // Not the address that routers listen on: a port of theirs that is free for a moment must not be taken by this.
        router.bind(new InetSocketAddress(Relay.OUTGOING_HOST, 0));
        up = new Lane(caller, router, Troubles.Direction.UP, troubles);
        down = new Lane(router, caller, Troubles.Direction.DOWN, troubles);
        up.holdBack(troubles.nextHoldNanos());
        callerKey = caller.register(selector, 0, this);
        routerKey = router.register(selector, SelectionKey.OP_CONNECT, this);
    }

    /** Takes what came in at one side. */
    void read(SelectionKey ready, long now) {
        if (!ready.isValid() || !ready.isReadable()) {
            return;
        }
        try {
            (ready == callerKey ? up : down).read(now);
        } catch (IOException e) {
            reset();
        }
    }

    /** Writes what is due. A connection that fails on one side is reset on the other. */
    void move(long now) {
        try {
            if (isOpen() && isConnected()) {
                write(now);
            }
        } catch (IOException e) {
            reset();
        }
    }

    private boolean isConnected() throws IOException {
        if (router.isConnected()) {
            return true;
        }
        return router.isConnectionPending() ? router.finishConnect() : router.connect(target);
    }

    private void write(long now) throws IOException {
        if (up.write(now)) {
            troubles.begun(number);
        }
        boolean unused = down.write(now);
        if (up.isFinished() && down.isFinished()) {
            caller.close();
            router.close();
            return;
        }
        callerKey.interestOps(interest(up, down, now));
        routerKey.interestOps(interest(down, up, now));
    }

    private static int interest(Lane from, Lane to, long now) {
        return (from.wantsToRead() ? SelectionKey.OP_READ : 0) | (to.wantsToWrite(now) ? SelectionKey.OP_WRITE : 0);
    }

    long nextDue(long now, long otherwise) {
        return down.nextDue(now, up.nextDue(now, otherwise));
    }

    boolean isOpen() {
        return caller.isOpen() && router.isOpen();
    }

    /** Both directions have passed bytes and may pass more. */
    boolean isAlive() {
        return isOpen() && up.isAlive() && down.isAlive();
    }

    /** Ends one direction, with a word or without. */
    void cut(Troubles.Direction direction, boolean silently) {
        Lane victim = direction == Troubles.Direction.UP ? up : down;
        Lane other = direction == Troubles.Direction.UP ? down : up;
        survivor = other;
        survivorBytes = other.passedBytes();
        try {
            if (silently) {
                victim.silence();
            } else {
                victim.halfClose();
            }
        } catch (IOException e) {
            reset();
        }
    }

    boolean isCut() {
        return up.isCut() || down.isCut();
    }

    /** Bytes were lost in one direction, and others came through in the other one after it was cut. */
    boolean isOneWay() {
        return survivor != null && survivor.passedBytes() > survivorBytes && up.lostBytes() + down.lostBytes() > 0;
    }

    /** Closes with RST on both sides. */
    void reset() {
        reset(caller);
        reset(router);
    }

    private static void reset(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It was closed already, or never connected: no one to tell.
        }
    }
}
