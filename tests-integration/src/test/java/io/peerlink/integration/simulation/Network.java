package io.peerlink.integration.simulation;

import io.grpc.ManagedChannel;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What lies between clients and routers: who listens where, which connections there are, and what is wrong with them. */
final class Network {
    /** After so long gRPC's keep-alive gives up a connection on which nothing comes any more. */
    private static final long KEEP_ALIVE_NANOS = 30_000_000_000L;

    private final Scheduler scheduler;
    private final Weather weather;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final List<VirtualConnection> connections = new ArrayList<>();

    /**
     * What this seed's network is like.
     *
     * @param latencyNanos the most that a frame usually takes
     * @param spikeNanos the most that one in fifty takes
     * @param window frames on their way or unread in one direction of a call before the sender is not ready
     * @param bug what it does wrong
     */
    record Weather(
            long latencyNanos,
            long spikeNanos,
            int window,
            @Nullable Bug bug) {}

    /** A router's port. */
    private record Host(VirtualProcess process, List<ServerServiceDefinition> services) {}

    Network(Scheduler scheduler, Weather weather) {
        this.scheduler = scheduler;
        this.weather = weather;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Weather weather() {
        return weather;
    }

    /** From now on this process answers at this address. */
    void listen(String address, VirtualProcess process, List<ServerServiceDefinition> services) {
        hosts.put(address, new Host(process, services));
        refused.remove(address);
    }

    /** Nobody listens there any more; connections that are open stay. */
    void refuse(String address) {
        refused.add(address);
    }

    /** A connection of its own to a router; nothing happens before the first call. */
    ManagedChannel channel(VirtualProcess client, String address) {
        connections.removeIf(VirtualConnection::isOver);
        VirtualConnection connection = new VirtualConnection(this, client, address);
        connections.add(connection);
        return new VirtualChannel(connection);
    }

    /** The process that listens there; null if none does. */
    @Nullable VirtualProcess listener(String address) {
        Host host = hosts.get(address);
        return host == null || host.process().isDead() || refused.contains(address) ? null : host.process();
    }

    @Nullable ServerMethodDefinition<?, ?> method(String address, String name) {
        Host host = hosts.get(address);
        if (host == null) {
            return null;
        }
        for (ServerServiceDefinition service : host.services()) {
            ServerMethodDefinition<?, ?> method = service.getMethod(name);
            if (method != null) {
                return method;
            }
        }
        return null;
    }

    long latency() {
        return 20_000 + scheduler.upTo(scheduler.oneIn(50) ? weather.spikeNanos() : weather.latencyNanos());
    }

    /** A process died: the kernel closes its connections, or its machine went with it and nobody says anything. */
    void died(VirtualProcess process, boolean silently) {
        for (VirtualConnection connection : of(process)) {
            if (silently) {
                connection.silence(KEEP_ALIVE_NANOS);
            }
            connection.breakUp();
        }
    }

    /** Breaks what some connections carry; both ends learn of it. */
    void reset(int share) {
        for (VirtualConnection connection : List.copyOf(connections)) {
            if (scheduler.oneIn(share)) {
                connection.breakUp();
            }
        }
    }

    /** Some connections carry nothing for a time; then they go on, or they break. */
    void silence(int share, long nanos) {
        for (VirtualConnection connection : List.copyOf(connections)) {
            if (scheduler.oneIn(share)) {
                connection.silence(nanos);
                if (scheduler.oneIn(2)) {
                    connection.breakUp();
                }
            }
        }
    }

    private List<VirtualConnection> of(VirtualProcess process) {
        return connections.stream()
                .filter(connection -> connection.isBetween(process))
                .toList();
    }
}
