package io.peerlink.server.agreement;

import com.google.protobuf.ByteString;
import io.peerlink.server.raft.RouterStatus.Member;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks other routers what their state is. */
@FunctionalInterface
public interface OtherRouters {
    /**
     * What a router's state hashed to after an entry.
     *
     * @return empty if it does not know; fails if it does not answer within seconds; completes on a network thread
     */
    CompletableFuture<Optional<ByteString>> stateHash(Member router, long index);
}
