package io.peerlink.cli.command;

import io.peerlink.cli.command.ClusterTour.Stop;
import io.peerlink.cli.output.Table;
import io.peerlink.client.admin.RouterInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Turns one look at the routers after another into tables; remembers the look before, for the rates. One thread. */
final class TopTable {
    private static final List<String> COLUMNS = List.of(
            "router",
            "address",
            "role",
            "term",
            "applied",
            "lag",
            "sessions",
            "requests_s",
            "deliveries_s",
            "backlog",
            "commit_p99_ms",
            "memory_mb",
            "disk_free_mb");
    private static final String NOT_KNOWN = "-";
    private static final long MB = 1_000_000;

    private Map<String, RouterInfo> before = Map.of();

    Table next(List<Stop> stops) {
        Optional<RouterInfo> leader = ClusterTour.leader(stops);
        List<List<Object>> rows = new ArrayList<>();
        Map<String, RouterInfo> seen = new HashMap<>();
        for (Stop stop : stops) {
            if (stop.info().isPresent()) {
                RouterInfo router = stop.info().get();
                rows.add(row(stop.address(), router, leader));
                seen.put(router.routerId(), router);
            } else {
                rows.add(down(stop));
            }
        }
        before = seen;
        return new Table(COLUMNS, rows);
    }

    private static List<Object> down(Stop stop) {
        List<Object> row = new ArrayList<>();
        row.add(stop.routerId().isEmpty() ? NOT_KNOWN : stop.routerId());
        row.add(stop.address());
        row.add("DOWN");
        while (row.size() < COLUMNS.size()) {
            row.add(NOT_KNOWN);
        }
        return row;
    }

    private List<Object> row(String address, RouterInfo router, Optional<RouterInfo> leader) {
        RouterInfo.@Nullable Load load = router.load().orElse(null);
        return List.of(
                router.routerId(),
                address,
                ClusterStatusCommand.role(router),
                router.term(),
                router.log().applied(),
                leader.<Object>map(leading -> Math.max(
                                0, leading.log().committed() - router.log().applied()))
                        .orElse(NOT_KNOWN),
                router.sessions(),
                rate(router, RouterInfo.Load::requests),
                rate(router, RouterInfo.Load::deliveries),
                load == null ? NOT_KNOWN : load.backlog(),
                load == null || load.commitP99().isZero()
                        ? NOT_KNOWN
                        : load.commitP99().toMillis(),
                load == null || load.residentBytes() == 0 ? NOT_KNOWN : load.residentBytes() / MB,
                router.disk().free() / MB);
    }

    /** A second; by the router's own uptime, so that neither clocks nor a slow answer distort it. */
    private Object rate(RouterInfo now, Count count) {
        RouterInfo last = before.get(now.routerId());
        OptionalLong more = last == null ? OptionalLong.empty() : more(last, now, count);
        return more.isPresent() ? more.getAsLong() : NOT_KNOWN;
    }

    private static OptionalLong more(RouterInfo last, RouterInfo now, Count count) {
        long ms = now.uptime().minus(last.uptime()).toMillis();
        // It has started again meanwhile, or it is too old to tell.
        if (ms <= 0 || last.load().isEmpty() || now.load().isEmpty()) {
            return OptionalLong.empty();
        }
        long more = count.of(now.load().get()) - count.of(last.load().get());
        return more < 0 ? OptionalLong.empty() : OptionalLong.of(more * 1_000 / ms);
    }

    /** A count since a router's start. */
    @FunctionalInterface
    private interface Count {
        long of(RouterInfo.Load load);
    }
}
