package io.peerlink.integration.simulation;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One TCP connection: it carries calls until one end goes or it breaks. */
final class VirtualConnection {
    private final Network network;
    private final VirtualProcess client;
    private final String address;
    private final List<VirtualCall<?, ?>> calls = new ArrayList<>();
    /** Who accepted it: it stays with that process, even if another one listens there later. */
    private @Nullable VirtualProcess router;

    private long silentUntil;
    private boolean over;

    VirtualConnection(Network network, VirtualProcess client, String address) {
        this.network = network;
        this.client = client;
        this.address = address;
    }

    Network network() {
        return network;
    }

    VirtualProcess client() {
        return client;
    }

    String address() {
        return address;
    }

    boolean isOver() {
        return over;
    }

    boolean isBetween(VirtualProcess process) {
        return client == process || router == process;
    }

    /** The process at the other end, connecting if need be; null if it refuses. */
    @Nullable VirtualProcess router() {
        if (over) {
            return null;
        }
        if (router == null) {
            router = network.listener(address);
        }
        return router;
    }

    void carry(VirtualCall<?, ?> call) {
        calls.add(call);
    }

    /** Nothing arrives for a time. */
    void silence(long nanos) {
        silentUntil = Math.max(silentUntil, network.scheduler().now() + nanos);
    }

    long silentUntil() {
        return silentUntil;
    }

    /** What is on the way is lost; both ends learn of it, each in its time. */
    void breakUp() {
        if (!over) {
            over = true;
            calls.forEach(call -> call.lose(silentUntil));
        }
    }

    /** The client closes it. */
    void close() {
        calls.forEach(call -> call.cancel(Status.UNAVAILABLE.withDescription("the channel was shut down")));
    }
}
