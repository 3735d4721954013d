package io.peerlink.integration.simulation;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.concurrent.TimeUnit;

/** gRPC's channel over the modelled network. */
final class VirtualChannel extends ManagedChannel {
    private final VirtualConnection connection;
    private boolean shutDown;

    VirtualChannel(VirtualConnection connection) {
        this.connection = connection;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        VirtualCall<Q, R> call = new VirtualCall<>(connection, method);
        connection.carry(call);
        return call.clientSide();
    }

    @Override
    public String authority() {
        return connection.address();
    }

    @Override
    public ManagedChannel shutdown() {
        return shutdownNow();
    }

    @Override
    public ManagedChannel shutdownNow() {
        if (!shutDown) {
            shutDown = true;
            connection.close();
        }
        return this;
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return shutDown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutDown;
    }
}
