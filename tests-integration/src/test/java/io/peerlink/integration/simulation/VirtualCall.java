package io.peerlink.integration.simulation;

import io.grpc.Attributes;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One call, both its ends: gRPC's stubs are real, what is between them is not. Messages pass as the objects they are, which
 * protobuf never changes.
 */
final class VirtualCall<Q, R> {
    private static final long HALF_OPEN_NANOS = 20_000_000_000L;

    private final VirtualConnection connection;
    private final MethodDescriptor<Q, R> method;
    private final ClientSide clientSide = new ClientSide();
    private final ServerSide serverSide = new ServerSide();
    private final Pipe toServer;
    private final Pipe toClient;
    private ClientCall.@Nullable Listener<R> clientListener;
    private ServerCall.@Nullable Listener<Q> serverListener;
    private @Nullable VirtualProcess router;
    private boolean clientOver;
    private boolean serverOver;
    private boolean serverCancelled;

    VirtualCall(VirtualConnection connection, MethodDescriptor<Q, R> method) {
        this.connection = connection;
        this.method = method;
        String name = connection.client().name() + " " + connection.address();
        toServer = new Pipe(connection, name + " up", new Pipe.End() {
            @Override
            public VirtualProcess receiver() {
                return router == null ? connection.client() : router;
            }

            @Override
            public void readyAgain() {
                atClient(listener -> listener.onReady());
            }
        });
        toClient = new Pipe(connection, name + " down", new Pipe.End() {
            @Override
            public VirtualProcess receiver() {
                return connection.client();
            }

            @Override
            public void readyAgain() {
                atServer(listener -> listener.onReady());
            }
        });
    }

    ClientCall<Q, R> clientSide() {
        return clientSide;
    }

    private Scheduler scheduler() {
        return connection.network().scheduler();
    }

    private interface ToClient<R> {
        void tell(ClientCall.Listener<R> listener);
    }

    private interface ToServer<Q> {
        void tell(ServerCall.Listener<Q> listener);
    }

    private void tellClient(ToClient<R> event) {
        if (!clientOver && clientListener != null) {
            event.tell(clientListener);
        }
    }

    private void atClient(ToClient<R> event) {
        connection.client().at(scheduler().now(), () -> tellClient(event));
    }

    private void tellServer(ToServer<Q> event) {
        if (!serverOver && !serverCancelled && serverListener != null) {
            event.tell(serverListener);
        }
    }

    private void atServer(ToServer<Q> event) {
        if (router != null) {
            router.at(scheduler().now(), () -> tellServer(event));
        }
    }

    private void connect(Metadata headers) {
        router = connection.router();
        if (router == null) {
            long refusal = Math.max(connection.silentUntil(), scheduler().now())
                    + connection.network().latency();
            scheduler().at(refusal, () -> endClient(Status.UNAVAILABLE.withDescription("connection refused")));
            return;
        }
        toServer.send(false, () -> begin(headers));
    }

    private void begin(Metadata headers) {
        ServerMethodDefinition<?, ?> found =
                connection.network().method(connection.address(), method.getFullMethodName());
        if (found == null) {
            serverSide.close(Status.UNIMPLEMENTED, new Metadata());
            return;
        }
        @SuppressWarnings("unchecked") // The method of this name has these types.
        ServerMethodDefinition<Q, R> definition = (ServerMethodDefinition<Q, R>) found;
        serverListener = definition.getServerCallHandler().startCall(serverSide, headers);
        atServer(listener -> listener.onReady());
    }

    private void endClient(Status status) {
        endClient(status, new Metadata());
    }

    private void endClient(Status status, Metadata trailers) {
        connection.client().at(scheduler().now(), () -> {
            if (!clientOver) {
                clientOver = true;
                toClient.cut();
                if (clientListener != null) {
                    clientListener.onClose(status, trailers);
                }
            }
        });
    }

    private void cancelServer() {
        toServer.cut();
        if (router != null) {
            router.at(scheduler().now(), () -> {
                if (!serverOver && !serverCancelled) {
                    serverCancelled = true;
                    if (serverListener != null) {
                        serverListener.onCancel();
                    }
                }
            });
        }
    }

    /** The client gives it up. */
    void cancel(Status status) {
        if (!clientOver) {
            // Behind what was sent before it, as in one TCP stream.
            toServer.send(false, this::cancelServer);
            endClient(status);
        }
    }

    /** The connection broke: what is on the way is lost, and each side learns of it, not before this time. */
    void lose(long notBefore) {
        toServer.cut();
        toClient.cut();
        scheduler().at(notice(notBefore), this::cancelServer);
        scheduler().at(notice(notBefore), () -> endClient(Status.UNAVAILABLE.withDescription("connection reset")));
    }

    /** Mostly soon; sometimes one side is left alone with a connection that the other side has long forgotten. */
    private long notice(long notBefore) {
        long late = scheduler().oneIn(5) ? scheduler().upTo(HALF_OPEN_NANOS) : 0;
        return Math.max(notBefore, scheduler().now()) + connection.network().latency() + late;
    }

    /** What the SDK's stub holds. */
    private final class ClientSide extends ClientCall<Q, R> {
        private boolean started;

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            clientListener = listener;
            started = true;
            connect(headers);
            atClient(ready -> ready.onReady());
        }

        @Override
        public void request(int messages) {
            toClient.ask(messages);
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            VirtualCall.this.cancel(Status.CANCELLED.withDescription(message));
        }

        @Override
        public void halfClose() {
            toServer.send(false, () -> tellServer(listener -> listener.onHalfClose()));
        }

        @Override
        public void sendMessage(Q message) {
            toServer.send(true, () -> tellServer(listener -> listener.onMessage(message)));
        }

        @Override
        public boolean isReady() {
            return started && !clientOver && toServer.isReady();
        }
    }

    /** What the router's stub holds. */
    private final class ServerSide extends ServerCall<Q, R> {
        @Override
        public void request(int messages) {
            toServer.ask(messages);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            // Nobody here looks at them.
        }

        @Override
        public void sendMessage(R message) {
            if (!serverOver && !serverCancelled) {
                toClient.send(true, () -> tellClient(listener -> listener.onMessage(message)));
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (serverOver || serverCancelled) {
                return;
            }
            toClient.send(false, () -> endClient(status, trailers));
            if (router != null) {
                router.after(connection.network().latency(), () -> {
                    if (!serverCancelled) {
                        serverOver = true;
                        toServer.cut();
                        if (serverListener != null) {
                            serverListener.onComplete();
                        }
                    }
                });
            }
        }

        @Override
        public boolean isCancelled() {
            return serverCancelled;
        }

        @Override
        public boolean isReady() {
            return !serverOver && !serverCancelled && toClient.isReady();
        }

        @Override
        public MethodDescriptor<Q, R> getMethodDescriptor() {
            return method;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.EMPTY;
        }
    }
}
