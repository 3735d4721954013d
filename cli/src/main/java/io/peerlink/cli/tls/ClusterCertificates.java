package io.peerlink.cli.tls;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.OwnerOnly;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The directory that holds a cluster's two authorities (one for what clients see, one for routers among each other) and, in one
 * directory for each host, all that its router needs. Only its owner may look into it.
 */
public final class ClusterCertificates {
    private static final String AUTHORITY = "ca.pem";
    private static final String AUTHORITY_KEY = "ca.key";
    private static final String RAFT_AUTHORITY = "raft-ca.pem";
    private static final String RAFT_AUTHORITY_KEY = "raft-ca.key";
    private static final String CERTIFICATE = "router.pem";
    private static final String KEY = "router.key";
    private static final String RAFT_CERTIFICATE = "raft.pem";
    private static final String RAFT_KEY = "raft.key";
    /** A DNS name or an IPv4 address; also fit to be a directory's name. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private static final Pattern IPV6_LETTERS = Pattern.compile("[0-9a-fA-F:.]+");

    private final Path directory;
    private final Authority clients;
    private final Authority raft;

    private ClusterCertificates(Path directory, Authority clients, Authority raft) {
        this.directory = directory;
        this.clients = clients;
        this.raft = raft;
    }

    /**
     * Makes the authorities of a new cluster.
     *
     * @throws CliException CONFLICT if the directory holds some already, USAGE if it is a file
     */
    public static ClusterCertificates create(Path directory) throws IOException, GeneralSecurityException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new CliException(
                    ExitCode.USAGE, "USAGE", directory + " is a file", "name a directory; it is made if it is missing");
        }
        for (String name : List.of(AUTHORITY, AUTHORITY_KEY, RAFT_AUTHORITY, RAFT_AUTHORITY_KEY)) {
            if (Files.exists(directory.resolve(name))) {
                throw new CliException(
                        ExitCode.CONFLICT,
                        "EXISTS",
                        directory.resolve(name) + " is there already",
                        "for more hosts: peerlink tls issue " + directory + " HOST");
            }
        }
        OwnerOnly.directory(directory);
        ClusterCertificates made =
                new ClusterCertificates(directory, Authority.create("client"), Authority.create("raft"));
        write(made.raft.own(), directory.resolve(RAFT_AUTHORITY), directory.resolve(RAFT_AUTHORITY_KEY));
        write(made.clients.own(), directory.resolve(AUTHORITY), directory.resolve(AUTHORITY_KEY));
        return made;
    }

    /**
     * Reads the authorities of a cluster.
     *
     * @throws CliException NOT_FOUND if there are none
     */
    public static ClusterCertificates open(Path directory) throws IOException, GeneralSecurityException {
        if (!Files.exists(directory.resolve(AUTHORITY_KEY)) || !Files.exists(directory.resolve(RAFT_AUTHORITY_KEY))) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "NOT_FOUND",
                    "there are no authorities in " + directory,
                    "peerlink tls init " + directory + " HOST... makes them");
        }
        return new ClusterCertificates(
                directory,
                Authority.read(directory.resolve(AUTHORITY), directory.resolve(AUTHORITY_KEY)),
                Authority.read(directory.resolve(RAFT_AUTHORITY), directory.resolve(RAFT_AUTHORITY_KEY)));
    }

    /** What clients are given: the certificate of the authority that they trust. */
    public Path authority() {
        return directory.resolve(AUTHORITY);
    }

    /**
     * Checks the names of a host, before anything is written.
     *
     * @param names names and addresses with commas between; the first one names the directory
     * @throws CliException USAGE
     */
    public static List<String> hostNames(String names) {
        List<String> hosts = List.of(names.split(",", -1));
        for (String host : hosts) {
            boolean name = HOST.matcher(host).matches() && !host.contains("..");
            if (!name && !isIpv6(host)) {
                throw new CliException(
                        ExitCode.USAGE,
                        "USAGE",
                        "'" + host + "' is neither a host name nor an address",
                        "as in the router's list: m1.example.org, or with others m1.example.org,10.0.0.1");
            }
        }
        return hosts;
    }

    private static boolean isIpv6(String host) {
        try {
            // In brackets nothing is looked up, whatever it is.
            return IPV6_LETTERS.matcher(host).matches()
                    && InetAddress.getByName("[" + host + "]").getAddress().length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Makes what the router on a host needs.
     *
     * @param hosts as {@link #hostNames} gives them
     * @param replace whether certificates that are there may be replaced; each file is old or new, never half
     * @return the host's directory
     * @throws CliException CONFLICT if there are some
     */
    public Path issue(List<String> hosts, Duration life, boolean replace) throws IOException, GeneralSecurityException {
        Path host = directory.resolve(hosts.get(0));
        if (!replace && Files.exists(host)) {
            throw new CliException(
                    ExitCode.CONFLICT,
                    "EXISTS",
                    host + " is there already",
                    "for new certificates: peerlink tls issue --replace");
        }
        OwnerOnly.directory(host);
        write(clients.own().certificate(), host.resolve(AUTHORITY));
        write(raft.own().certificate(), host.resolve(RAFT_AUTHORITY));
        write(clients.issue(hosts, life), host.resolve(CERTIFICATE), host.resolve(KEY));
        write(raft.issue(hosts, life), host.resolve(RAFT_CERTIFICATE), host.resolve(RAFT_KEY));
        return host;
    }

    private static void write(Authority.Issued issued, Path certificate, Path key)
            throws IOException, GeneralSecurityException {
        PemFile.write(key, PemFile.KEY, issued.key().getEncoded());
        write(issued.certificate(), certificate);
    }

    private static void write(X509Certificate certificate, Path file) throws IOException, GeneralSecurityException {
        PemFile.write(file, PemFile.CERTIFICATE, certificate.getEncoded());
    }

    /** The lines of a router's configuration, under {@code peerlink}, that name the files of its host. */
    public static String configuration(Path host) {
        return String.format(
                Locale.ROOT,
                "tls {%n  certificate = \"%s\"%n  key = \"%s\"%n  ca = \"%s\"%n"
                        + "  raft { certificate = \"%s\", key = \"%s\", ca = \"%s\" }%n}%n",
                host.resolve(CERTIFICATE),
                host.resolve(KEY),
                host.resolve(AUTHORITY),
                host.resolve(RAFT_CERTIFICATE),
                host.resolve(RAFT_KEY),
                host.resolve(RAFT_AUTHORITY));
    }
}
