package io.peerlink.client.encryption;

import com.google.protobuf.ByteString;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerKeys;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.KnownPeers;
import io.peerlink.client.identity.KnownPeers.Standing;
import io.peerlink.protocol.v1.GetPeerKeysResponse;
import io.peerlink.protocol.v1.PublishKeys;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One client's end of end-to-end encryption: its keys, the peers that it remembers, and what routers say of others' keys.
 * Thread-safe. What touches files or computes, once an answer is here, runs on the JVM's common pool: answers come on the
 * session thread, which must not wait.
 */
public final class EndToEnd {
    /** Beyond the plain body, in bytes, for what a sealed one counts in the window: padding, header, keys, signature. */
    public static final int OVERHEAD_BYTES = 1_024;

    /** What a router said of a recipient is asked again after this time, for the case that it published another key. */
    private static final long FRESH_NANOS = 60_000_000_000L;

    private static final int RECIPIENTS_MAX = 1_000;
    private static final Executor WORK = ForkJoinPool.commonPool();

    private final Identity identity;
    private final EncryptionKey own;
    private final KnownPeers peers;
    private final Sealer sealer;
    private final Opener opener;
    private final Surroundings surroundings;
    /** In the order of their use; guarded by itself. */
    private final Map<String, Recipient> recipients = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Recipient> eldest) {
            return size() > RECIPIENTS_MAX;
        }
    };

    /**
     * What this needs of the client around it.
     *
     * @param directory where keys and lists are kept
     * @param lookup asks a router for a peer's keys; answers on a thread that must not wait
     * @param cluster the cluster's id; asked only once attached
     * @param nanoTime the time
     */
    public record Surroundings(
            Path directory,
            Function<String, CompletableFuture<GetPeerKeysResponse>> lookup,
            Supplier<String> cluster,
            LongSupplier nanoTime) {}

    private record Recipient(CompletableFuture<byte[]> key, long askedNanos) {}

    /**
     * Reads this identity's encryption key, or makes one; and the former ones of its name.
     *
     * @throws PeerLinkException BAD_IDENTITY if that cannot be done
     */
    public EndToEnd(Identity identity, Surroundings surroundings) {
        this.identity = identity;
        this.surroundings = surroundings;
        this.own = EncryptionKey.loadOrCreate(surroundings.directory(), identity);
        this.peers = new KnownPeers(surroundings.directory().resolve("known_peers"));
        this.sealer = new Sealer(identity, own);
        this.opener = new SealedOpener(
                identity.name(),
                own,
                peers,
                new SeenMessages(surroundings.directory(), identity.name()),
                surroundings.cluster());
    }

    /** Opens what comes in. */
    public Opener opener() {
        return opener;
    }

    /**
     * The body of a sealed message. Fails with PEER_KEY_CHANGED, NO_ENCRYPTION_KEY, FORGED_KEY, with UNKNOWN_NAME or NOT_A_PEER,
     * with BAD_CONTENT_TYPE, which routers cannot see here, or as a query does. Completes here and now if the recipient's key is known.
     */
    public CompletableFuture<ByteString> seal(String to, String contentType, ByteString body) {
        if (!Sealer.isContentType(contentType)) {
            return CompletableFuture.failedFuture(new PeerLinkException(
                    ErrorCode.BAD_CONTENT_TYPE,
                    "the content type is too long, not plain ASCII, or that of sealed messages",
                    "",
                    false));
        }
        return recipient(to).thenApply(key -> {
            try {
                return sealer.seal(surroundings.cluster().get(), to, key, contentType, body);
            } catch (GeneralSecurityException e) {
                throw new PeerLinkException(
                        ErrorCode.FORGED_KEY, "what " + to + " published is no encryption key", "", false, e);
            }
        });
    }

    private CompletableFuture<byte[]> recipient(String peer) {
        long now = surroundings.nanoTime().getAsLong();
        synchronized (recipients) {
            Recipient known = recipients.get(peer);
            if (known != null && now - known.askedNanos() < FRESH_NANOS) {
                return known.key();
            }
            CompletableFuture<byte[]> key = ask(peer).thenApply(this::trusted);
            recipients.put(peer, new Recipient(key, now));
            // A failure is told to those who waited for it, and asked about again by the next.
            key.whenComplete((done, failure) -> {
                if (failure != null) {
                    forget(peer, key);
                }
            });
            return key;
        }
    }

    private void forget(String peer, CompletableFuture<byte[]> key) {
        synchronized (recipients) {
            Recipient known = recipients.get(peer);
            if (known != null && known.key() == key) {
                recipients.remove(peer);
            }
        }
    }

    private CompletableFuture<PublishedKeys> ask(String peer) {
        return surroundings
                .lookup()
                .apply(peer)
                .thenApplyAsync(
                        keys -> {
                            if (keys.getIdentityKey().isEmpty()) {
                                throw new PeerLinkException(
                                        ErrorCode.NO_ENCRYPTION_KEY,
                                        peer + " has no key at present: its name is locked",
                                        "",
                                        true);
                            }
                            return new PublishedKeys(peer, keys);
                        },
                        WORK);
    }

    /** The key to encrypt with, if it is the peer's as far as one can tell; remembers a peer that is new. */
    private byte[] trusted(PublishedKeys published) {
        String peer = published.peer();
        String cluster = surroundings.cluster().get();
        Standing standing = peers.standing(peer, published.identityKey());
        if (standing == Standing.OTHER || standing == Standing.FORMER) {
            throw changed(published);
        }
        if (!published.hasEncryptionKey()) {
            throw new PeerLinkException(
                    ErrorCode.NO_ENCRYPTION_KEY,
                    peer + " has published no key to encrypt with",
                    "It has to attach once with end-to-end encryption on (the shell does so by itself).",
                    true);
        }
        if (!published.isSigned(cluster)) {
            throw new PeerLinkException(
                    ErrorCode.FORGED_KEY,
                    "the key to encrypt with that the router shows for " + peer + " is not signed by " + peer,
                    "Somebody may want to read along. Nothing was sent.",
                    false);
        }
        // Somebody else may have met another one under this name meanwhile.
        if (peers.rememberIfNew(peer, published.identityKey()) != Standing.KNOWN) {
            throw changed(published);
        }
        return published.encryptionKey();
    }

    private static PeerLinkException changed(PublishedKeys published) {
        return new PeerLinkException(
                ErrorCode.PEER_KEY_CHANGED,
                "the key of " + published.peer() + " is not the one remembered here; it is " + published.fingerprint()
                        + " now",
                "A new device, or somebody in between: compare with peerlink keys show " + published.peer()
                        + ", then peerlink keys accept " + published.peer(),
                false);
    }

    /** What the routers show of a peer, beside what is remembered. Changes nothing. */
    public CompletableFuture<PeerKeys> keys(String peer) {
        return ask(peer).thenApply(this::described);
    }

    private PeerKeys described(PublishedKeys published) {
        String cluster = surroundings.cluster().get();
        Optional<String> remembered =
                peers.key(published.peer()).map(key -> Fingerprint.of(key).text());
        Map<String, byte[]> both = new LinkedHashMap<>();
        both.put(published.peer(), published.identityKey());
        both.put(identity.name(), identity.publicKey());
        return new PeerKeys(
                published.peer(),
                published.fingerprint(),
                remembered,
                published.isSigned(cluster),
                SafetyNumber.of(both));
    }

    /**
     * Remembers the key that the routers show of a peer, in place of the one before.
     *
     * @param fingerprint the key that the user compared; if another one is shown now: PEER_KEY_CHANGED
     */
    public CompletableFuture<PeerKeys> accept(String peer, String fingerprint) {
        return ask(peer).thenApply(published -> {
            if (!published.fingerprint().equals(fingerprint)) {
                throw new PeerLinkException(
                        ErrorCode.PEER_KEY_CHANGED,
                        "the key of " + peer + " is " + published.fingerprint() + " now, not the one to accept",
                        "Compare again.",
                        false);
            }
            peers.accept(peer, published.identityKey());
            synchronized (recipients) {
                recipients.remove(peer);
            }
            return described(published);
        });
    }

    /**
     * The request that publishes this client's key; empty if the routers have it. Notes this identity's own key too, so that a
     * later one finds its former messages.
     */
    public CompletableFuture<Optional<PublishKeys>> unpublished() {
        return ask(identity.name()).thenApply(published -> {
            String cluster = surroundings.cluster().get();
            peers.accept(identity.name(), identity.publicKey());
            boolean there = published.keys().getEncryptionKey().equals(ByteString.copyFrom(own.publicKey()))
                    && published.isSigned(cluster);
            return there ? Optional.empty() : Optional.of(PublishedKeys.request(identity, cluster, own.publicKey()));
        });
    }
}
