package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Table;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.client.admin.RouterInfo.RouterAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster members}. */
@Command(name = "members", header = "The routers that the cluster consists of, by its leader's word.")
final class ClusterMembersCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        String leader = options.admin().leaderAddress();
        try (ClusterClient cluster = options.cluster()) {
            RouterInfo info = cluster.router(leader);
            options.printer().print(table(info.routers(), info.routerId()));
        }
        return ExitCode.OK.number();
    }

    private static Table table(List<RouterAddress> members, String leaderId) {
        return new Table(
                List.of("router", "client", "raft", "leads"),
                members.stream()
                        .map(member -> List.<Object>of(
                                member.routerId(),
                                member.clientAddress(),
                                member.raftAddress(),
                                member.routerId().equals(leaderId)))
                        .toList());
    }

    /** Who is in the cluster after a change. */
    static void print(CommonOptions options, List<RouterAddress> members) {
        options.printer()
                .print(new Table(
                        List.of("router", "client", "raft"),
                        members.stream()
                                .map(member -> List.<Object>of(
                                        member.routerId(), member.clientAddress(), member.raftAddress()))
                                .toList()));
    }
}
