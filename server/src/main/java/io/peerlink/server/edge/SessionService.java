package io.peerlink.server.edge;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.RouterGrpc;

/** Takes session streams in. */
final class SessionService extends RouterGrpc.RouterImplBase {
    private final EdgeContext context;
    private final FrameMapper mapper;

    SessionService(EdgeContext context) {
        this.context = context;
        this.mapper = new FrameMapper(context.config(), context.freeSpace()::isLow);
    }

    @Override
    public StreamObserver<ClientFrame> session(StreamObserver<RouterFrame> responses) {
        return new PeerStream(
                context,
                mapper,
                (ServerCallStreamObserver<RouterFrame>) responses,
                ShownCertificate.current(),
                RemoteAddress.current());
    }
}
