package io.peerlink.cli.command;

import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.RouterInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A visit to every router of a cluster: those that were named, and those that they know of. */
final class ClusterTour {
    /**
     * One router visited.
     *
     * @param routerId empty if nobody told
     * @param info empty if it did not answer
     * @param failure why it did not; empty if it did
     */
    record Stop(String address, String routerId, Optional<RouterInfo> info, String failure) {}

    private final Function<String, RouterInfo> visit;

    private ClusterTour(Function<String, RouterInfo> visit) {
        this.visit = visit;
    }

    /** Visits all; {@code visit} asks the router at an address how it is. */
    static List<Stop> of(Function<String, RouterInfo> visit, List<String> servers) {
        return new ClusterTour(visit).visitAll(servers);
    }

    private List<Stop> visitAll(List<String> servers) {
        Deque<String> next = new ArrayDeque<>(servers);
        Set<String> seen = new HashSet<>();
        Set<String> routerIds = new HashSet<>();
        List<Stop> stops = new ArrayList<>();
        while (!next.isEmpty()) {
            String address = next.poll();
            if (!seen.add(address)) {
                continue;
            }
            try {
                RouterInfo info = visit.apply(address);
                // One router may be known by several names.
                if (routerIds.add(info.routerId())) {
                    stops.add(new Stop(address, info.routerId(), Optional.of(info), ""));
                }
                info.routers().forEach(router -> next.add(router.clientAddress()));
            } catch (PeerLinkException e) {
                stops.add(new Stop(address, "", Optional.empty(), e.code().name()));
            }
        }
        return named(stops, routerIds);
    }

    /** Names the silent ones by what the others say, and drops a silent address of a router that was met elsewhere. */
    private static List<Stop> named(List<Stop> stops, Set<String> met) {
        List<Stop> named = new ArrayList<>();
        for (Stop stop : stops) {
            String id = stop.routerId().isEmpty() ? idOf(stop.address(), stops) : stop.routerId();
            if (stop.info().isPresent() || !met.contains(id)) {
                named.add(new Stop(stop.address(), id, stop.info(), stop.failure()));
            }
        }
        return named;
    }

    private static String idOf(String address, List<Stop> stops) {
        return stops.stream()
                .flatMap(stop -> stop.info().stream())
                .flatMap(info -> info.routers().stream())
                .filter(router -> router.clientAddress().equals(address))
                .map(RouterInfo.RouterAddress::routerId)
                .findFirst()
                .orElse("");
    }

    /** The leader that serves, if one was met. */
    static Optional<RouterInfo> leader(List<Stop> stops) {
        return stops.stream()
                .flatMap(stop -> stop.info().stream())
                .filter(RouterInfo::ready)
                .max(java.util.Comparator.comparingLong(RouterInfo::term));
    }
}
