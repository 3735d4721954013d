package io.peerlink.server.edge;

import io.peerlink.server.audit.AuditLog;
import io.peerlink.server.config.OperatorList;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.Membership;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What calls about the cluster need of the router, beside what every stream needs.
 *
 * @param newestCheckpoint of this router's state
 * @param others calls to other routers
 * @param operators who may change the cluster
 * @param audit what they did by this router
 */
public record ClusterAccess(
        LinearizableReads reads,
        Supplier<RouterStatus> status,
        Membership membership,
        DataDirectory data,
        Supplier<Optional<Checkpoint>> newestCheckpoint,
        Supplier<RouterLoad> load,
        RouterCalls others,
        OperatorList operators,
        AuditLog audit) {}
