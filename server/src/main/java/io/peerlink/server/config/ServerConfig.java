package io.peerlink.server.config;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A router's configuration, validated: whoever holds one need not check again. What each key means stands in
 * {@code conf/peerlink.conf}.
 *
 * @param diskFreeMin bytes that must stay free on the disk of dataDir for new messages to be taken
 * @param routers all routers, this one included, in configured order
 * @param bindHost address to listen on; empty: the host given for this router
 * @param tls empty: no TLS
 * @param insecure whether it may listen beyond loopback without TLS
 */
public record ServerConfig(
        String routerId,
        String clusterId,
        Path dataDir,
        long diskFreeMin,
        List<RouterAddress> routers,
        String bindHost,
        Http http,
        Raft raft,
        Limits limits,
        Connections connections,
        Access access,
        Retention retention,
        Duration tick,
        Optional<Tls> tls,
        boolean insecure) {
    /** In the audit log for whoever needs no proof. */
    public static final String NO_OPERATOR = "loopback";

    /** In the audit log for what a router tells of itself. */
    public static final String ROUTER_ITSELF = "router";

    /** Nobody may be called so. */
    static final List<String> NOT_OPERATORS = List.of(NO_OPERATOR, ROUTER_ITSELF);

    static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public ServerConfig {
        routers = List.copyOf(routers);
    }

    /** This router's own addresses. */
    public RouterAddress self() {
        return routers.stream()
                .filter(router -> router.id().equals(routerId))
                .findFirst()
                .orElseThrow();
    }

    /** Where to listen: the configured host, unless another one is to be bound. */
    public String bindHost(HostPort address) {
        return bindHost.isEmpty() ? address.host() : bindHost;
    }

    /** Whether other machines can reach one of its ports. A host that cannot be resolved counts as reachable. */
    public boolean listensBeyondLoopback() {
        return !isLoopback(bindHost(self().client())) || !isLoopback(bindHost(self().raft()));
    }

    /** Who may register, AUTO resolved. Looks up a host's name: not on an event loop. */
    public Registration registration() {
        return switch (access.registration()) {
            case AUTO -> listensBeyondLoopback() ? Registration.INVITE : Registration.OPEN;
            case OPEN, INVITE, CLOSED -> access.registration();
        };
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** One router of the cluster. */
    public record RouterAddress(String id, HostPort client, HostPort raft) {}

    /** Whether a text is fit to be a router's or a cluster's id. */
    public static boolean isRouterId(String text) {
        return ID.matcher(text).matches();
    }

    /** A host name or address and a port from 1 to 65535. */
    public record HostPort(String host, int port) {
        private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:]+)]|([^:\\s]+)):([0-9]{1,5})");

        /** Reads {@code host:port}; an IPv6 address stands in brackets. */
        public static Optional<HostPort> parse(String text) {
            Matcher matcher = FORM.matcher(text);
            int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
            return port < 1 || port > 65535
                    ? Optional.empty()
                    : Optional.of(new HostPort(matcher.group(1) != null ? matcher.group(1) : matcher.group(2), port));
        }

        /** As {@link #parse}, of a text that was looked at before; throws IllegalArgumentException if it was not. */
        public static HostPort of(String text) {
            return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
        }

        @Override
        public String toString() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /**
     * What operators and their tools look at.
     *
     * @param bind address to listen on
     * @param port 0: not served
     */
    public record Http(String bind, int port) {}

    /** The replicated log. */
    public record Raft(
            Duration electionTimeoutMin,
            Duration electionTimeoutMax,
            int batchesInFlight,
            int batchBytes,
            int batchCommands,
            long waitingBytes,
            int checkpointEntries,
            long checkpointBytes,
            int keepEntries,
            int checkpointsKept) {}

    /**
     * Certificates of this router.
     *
     * @param clients shown to clients, and the authority for calls to other routers' client ports
     * @param minVersion least version that clients may speak
     * @param raft for the Raft port
     */
    public record Tls(PemFiles clients, TlsVersion minVersion, PemFiles raft) {}

    /** A certificate, its key, and the authority for those of others; each a readable file when the configuration was read. */
    public record PemFiles(Path certificate, Path key, Path authority) {}

    /** A version of TLS. */
    public enum TlsVersion {
        V1_2("1.2"),
        V1_3("1.3");

        private final String number;

        TlsVersion(String number) {
            this.number = number;
        }

        /** As the configuration writes it. */
        public String number() {
            return number;
        }
    }

    /**
     * Bounds on what clients may do. Of those per second, inboxMessages, inboxBytes, and those of groups, invitations and blocked peers, 0 is no bound.
     */
    public record Limits(
            int bodyBytes,
            int unsettledRequests,
            Duration ttl,
            int sessions,
            int sessionsPerPeer,
            int sendsPerSecond,
            int deliveriesPerSecond,
            int registrationsPerSecond,
            int sessionsPerSecond,
            long inboxMessages,
            long inboxBytes,
            int groupsPerPeer,
            int membersPerGroup,
            int invitationsPerPeer,
            int blockedPerPeer,
            Duration attachTimeout) {}

    /**
     * Who may register, and who may administrate.
     *
     * @param operators named in the configuration itself
     * @param operatorsFile has more of them, and is read again when it changes: {@link OperatorList}
     * @param auditBytes a file of the audit log with so many is set aside
     */
    public record Access(
            Registration registration, List<Operator> operators, Optional<Path> operatorsFile, long auditBytes) {
        public Access {
            operators = List.copyOf(operators);
        }
    }

    /** Who may register a name that nobody has. */
    public enum Registration {
        /** OPEN for a router that only this machine reaches, else INVITE. */
        AUTO,
        OPEN,
        INVITE,
        CLOSED
    }

    /**
     * Somebody who may administrate the cluster.
     *
     * @param publicKey Ed25519, X.509 SubjectPublicKeyInfo in DER
     */
    public record Operator(String name, ByteString publicKey) {}

    /**
     * Bounds on clients' connections.
     *
     * @param perAddress of one network address
     * @param unattachedPerAddress of these, without an attached session
     * @param newPerSecond of one network address; 0: no limit
     * @param calls at once on one
     * @param resetsPerMinute calls that a client may cancel on one
     * @param controlFramesPerSecond HTTP/2 frames that carry nothing, on one; 0: no limit
     * @param halfRequestBytes of requests that have not arrived whole, on all together; 0: no limit
     * @param headerBytes of a call
     * @param handshakeTimeout for TLS and HTTP/2 to begin
     * @param idle without a call
     * @param age after which a client must connect anew
     */
    public record Connections(
            int perAddress,
            int unattachedPerAddress,
            int newPerSecond,
            int calls,
            int resetsPerMinute,
            int controlFramesPerSecond,
            long halfRequestBytes,
            int headerBytes,
            Duration handshakeTimeout,
            Duration idle,
            Duration age) {}

    /** How long finished things are remembered. */
    public record Retention(Duration history, Duration incarnations) {}
}
