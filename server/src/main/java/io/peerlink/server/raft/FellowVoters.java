package io.peerlink.server.raft;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the connections between followers warm. They have nothing to say to each other until the leader dies, and then a
 * first connection would cost an election more than all else (measured: 240 of 320 ms). One asks the other for the read
 * index, which a follower answers with "not here" and nothing else. Thread of the caller; blocks for nothing.
 */
final class FellowVoters {
    private static final Logger LOGGER = LoggerFactory.getLogger(FellowVoters.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RaftServer server;
    /** Of the last greeting. Bound: the voters. */
    private final Set<RaftPeerId> unreachable = ConcurrentHashMap.newKeySet();

    private long lastNanos = System.nanoTime() - EVERY_NANOS;

    FellowVoters(RaftServer server) {
        this.server = server;
    }

    /** Greets all voters but the leader and this router, unless it did so a moment ago. */
    void greet(RaftServer.Division division, RaftPeerId leader) {
        long now = System.nanoTime();
        if (now - lastNanos < EVERY_NANOS) {
            return;
        }
        lastNanos = now;
        for (RaftPeer peer : division.getRaftConf().getCurrentPeers()) {
            if (!peer.getId().equals(leader) && !peer.getId().equals(server.getId())) {
                greet(division, peer);
            }
        }
    }

    private void greet(RaftServer.Division division, RaftPeer fellow) {
        if (unreachable.remove(fellow.getId())) {
            // A channel that found nobody waits longer and longer before it tries again; a new one tries at once.
            server.getServerRpc().handleException(fellow.getId(), new IOException("not reached"), true);
        }
        RaftRpcRequestProto envelope = RaftRpcRequestProto.newBuilder()
                .setRequestorId(server.getId().toByteString())
                .setReplyId(fellow.getId().toByteString())
                .setRaftGroupId(
                        ProtoUtils.toRaftGroupIdProtoBuilder(division.getGroup().getGroupId()))
                .build();
        try {
            server.getServerRpc()
                    .async()
                    .readIndexAsync(ReadIndexRequestProto.newBuilder()
                            .setServerRequest(envelope)
                            .build())
                    .whenComplete((reply, failure) -> {
                        if (failure != null) {
                            unreachable.add(fellow.getId());
                        }
                    });
        } catch (IOException e) {
            LOGGER.debug("cannot greet {}", fellow.getId(), e);
        }
    }
}
