package io.peerlink.server.edge;

import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.Membership;
import io.peerlink.server.raft.RouterStatus;
import java.util.function.Supplier;

/** What calls about the cluster need of the router, beside what every stream needs. */
public record ClusterAccess(
        LinearizableReads reads, Supplier<RouterStatus> status, Membership membership, DataDirectory data) {}
