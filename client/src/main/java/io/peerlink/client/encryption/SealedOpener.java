package io.peerlink.client.encryption;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.client.Encryption;
import io.peerlink.client.encryption.SeenMessages.Sight;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.KnownPeers;
import io.peerlink.client.identity.KnownPeers.Standing;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.Sealed;
import io.peerlink.protocol.v1.SealedContent;
import io.peerlink.protocol.v1.SealedHeader;
import io.peerlink.protocol.v1.SealedMessage;
import io.peerlink.protocol.v1.WrappedKey;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens one peer's sealed messages, or says why not. Thread-safe. */
final class SealedOpener implements Opener {
    private static final Logger LOGGER = LoggerFactory.getLogger(SealedOpener.class);

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final String name;
    private final EncryptionKey own;
    private final KnownPeers peers;
    private final SeenMessages seen;
    private final Supplier<String> cluster;

    SealedOpener(String name, EncryptionKey own, KnownPeers peers, SeenMessages seen, Supplier<String> cluster) {
        this.name = name;
        this.own = own;
        this.peers = peers;
        this.seen = seen;
        this.cluster = cluster;
    }

    @Override
    public Opened open(Messages run, int place, Source source) {
        if (!run.getContentType().equals(SEALED)) {
            return Opener.unopened(run, place, Encryption.NONE);
        }
        try {
            return openSealed(run, place, source);
        } catch (InvalidProtocolBufferException e) {
            return Opener.unopened(run, place, Encryption.UNREADABLE);
        } catch (RuntimeException e) {
            // Files that cannot be used, or a fault of ours: in any case what comes behind must not wait for it.
            LOGGER.warn("a sealed message of {} cannot be checked", run.getSender(), e);
            return Opener.unopened(run, place, Encryption.NOT_OPENED);
        }
    }

    private Opened openSealed(Messages run, int place, Source source) throws InvalidProtocolBufferException {
        SealedMessage message = SealedMessage.parseFrom(run.getBodies(place));
        Sealed sealed = Sealed.parseFrom(message.getSealed());
        SealedHeader header = SealedHeader.parseFrom(sealed.getHeader());
        if (header.getVersion() != Sealer.VERSION) {
            return Opener.unopened(run, place, Encryption.UNREADABLE);
        }
        byte[] senderKey = header.getSenderKey().toByteArray();
        boolean signed = Identity.verify(
                senderKey,
                Sealer.signed(message.getSealed().toByteArray()),
                message.getSignature().toByteArray());
        if (!signed || !fits(header, run, source)) {
            return Opener.unopened(run, place, Encryption.FORGED);
        }
        if (!isWellFormed(header)) {
            return Opener.unopened(run, place, Encryption.UNREADABLE);
        }
        Standing standing = peers.standing(header.getSender(), senderKey);
        if (isRefused(standing, source)) {
            return Opener.unopened(run, place, Encryption.KEY_CHANGED);
        }
        Optional<ContentKey> key = unwrap(sealed);
        if (key.isEmpty()) {
            return Opener.unopened(run, place, Encryption.NO_KEY);
        }
        Optional<ByteString> content = decrypt(sealed, key.get());
        if (content.isEmpty()) {
            return Opener.unopened(run, place, Encryption.FORGED);
        }
        SealedContent plain = SealedContent.parseFrom(content.get());
        if (!Sealer.isContentType(plain.getContentType())) {
            return Opener.unopened(run, place, Encryption.UNREADABLE);
        }
        // Somebody else may have met another one under this name meanwhile.
        standing = peers.rememberIfNew(header.getSender(), senderKey);
        if (isRefused(standing, source)) {
            return Opener.unopened(run, place, Encryption.KEY_CHANGED);
        }
        Sight sight = seen.see(header, run.getFirstSequence() + place, source);
        if (sight == Sight.ELSEWHERE) {
            return Opener.unopened(run, place, Encryption.REPLAYED);
        }
        Encryption how = standing == Standing.FORMER ? Encryption.FORMER_KEY : Encryption.VERIFIED;
        boolean again = source == Source.DELIVERY && sight == Sight.AGAIN;
        return new Opened(how, plain.getContentType(), plain.getBody(), again);
    }

    /** What was signed with a former key belongs to the past: who delivers it now may have stolen it. */
    private static boolean isRefused(Standing standing, Source source) {
        return standing == Standing.OTHER || (standing == Standing.FORMER && source == Source.DELIVERY);
    }

    /** Whether it can be remembered as seen: what one message leaves here has a bound. */
    private static boolean isWellFormed(SealedHeader header) {
        return NAME.matcher(header.getSender()).matches()
                && header.getSenderKey().size() == Identity.PUBLIC_KEY_BYTES
                && header.getSession().size() == Sealer.SESSION_BYTES
                && header.getSequence() != 0;
    }

    /** Whether the message came where its sender wanted it. What this peer sent itself comes back in a history only. */
    private boolean fits(SealedHeader header, Messages run, Source source) {
        boolean forMe = header.getRecipient().equals(name)
                || (source == Source.HISTORY && header.getSender().equals(name));
        return forMe
                && header.getClusterId().equals(cluster.get())
                && header.getSender().equals(run.getSender())
                && header.getConversation().equals(run.getConversation())
                && header.getConversation().equals(Sealer.conversation(header.getSender(), header.getRecipient()));
    }

    private Optional<ContentKey> unwrap(Sealed sealed) {
        byte[] info = Sealer.info(sealed.getHeader().toByteArray(), name);
        for (WrappedKey wrapped : sealed.getKeysList()) {
            if (wrapped.getReader().equals(name)) {
                try {
                    return Optional.of(
                            ContentKey.of(own.decrypt(wrapped.getWrapped().toByteArray(), info)));
                } catch (GeneralSecurityException e) {
                    LOGGER.debug("a sealed message is for another key of {}", name, e);
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ByteString> decrypt(Sealed sealed, ContentKey key) {
        try {
            byte[] associated = Sealer.associated(sealed.getHeader().toByteArray());
            return Optional.of(
                    ByteString.copyFrom(key.decrypt(sealed.getContent().toByteArray(), associated)));
        } catch (GeneralSecurityException e) {
            LOGGER.debug("a sealed message of which only the key can be opened", e);
            return Optional.empty();
        }
    }
}
