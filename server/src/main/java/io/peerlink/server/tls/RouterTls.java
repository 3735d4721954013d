package io.peerlink.server.tls;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.TlsVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A router's credentials on its two ports. Thread-safe but for {@link #look}. */
public final class RouterTls {
    private static final List<String> MODERN = List.of("TLSv1.3");
    private static final List<String> OLDER_TOO = List.of("TLSv1.3", "TLSv1.2");

    private final Credentials clients;
    private final Credentials raft;
    private final List<String> clientProtocols;

    private RouterTls(ServerConfig.Tls files) throws IOException {
        this.clients = Credentials.read(files.clients());
        this.raft = Credentials.read(files.raft());
        this.clientProtocols = files.minVersion() == TlsVersion.V1_3 ? MODERN : OLDER_TOO;
    }

    /**
     * Reads all files; empty if the configuration has no TLS.
     *
     * @throws IOException saying which file cannot be used and why
     */
    public static Optional<RouterTls> of(ServerConfig config) throws IOException {
        return config.tls().isPresent() ? Optional.of(new RouterTls(config.tls().get())) : Optional.empty();
    }

    /** Takes new files for connections that begin later. Reads six small files; one thread. */
    public void look() {
        clients.look();
        raft.look();
    }

    /** When the first certificate in use ends. */
    public Instant validUntil() {
        return clients.validUntil().isBefore(raft.validUntil()) ? clients.validUntil() : raft.validUntil();
    }

    /** For the client port, and for calls to other routers' client ports. */
    public Credentials clients() {
        return clients;
    }

    /** For the Raft port. */
    public Credentials raft() {
        return raft;
    }

    /** What clients may speak, in the JDK's names. */
    public List<String> clientProtocols() {
        return clientProtocols;
    }

    /** What routers speak to each other, in the JDK's names. */
    public List<String> routerProtocols() {
        return MODERN;
    }
}
