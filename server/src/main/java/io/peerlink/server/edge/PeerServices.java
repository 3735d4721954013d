package io.peerlink.server.edge;

import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.peerlink.server.raft.LinearizableReads;
import java.util.List;

/** What a router offers to peers, without the port: whoever can carry gRPC calls can put it in front of clients. */
public final class PeerServices {
    private PeerServices() {}

    /** The session stream, and the calls beside it. */
    public static List<ServerServiceDefinition> of(EdgeContext context, LinearizableReads reads) {
        return List.of(
                ServerInterceptors.intercept(new SessionService(context), new ShownCertificate(), new RemoteAddress()),
                ServerInterceptors.intercept(new QueryService(context, reads), new SessionToken()),
                ServerInterceptors.intercept(new AccountService(context), new SessionToken()));
    }
}
