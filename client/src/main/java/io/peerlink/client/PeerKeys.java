package io.peerlink.client;

import java.util.Optional;

/**
 * A peer's keys, as the routers show them and as this client remembers them. Routers can lie: compare fingerprints or the safety
 * number with the peer over another way.
 *
 * @param peer whose
 * @param fingerprint of its identity key
 * @param remembered the fingerprint that counts here; empty if the peer was not met yet
 * @param receivesSealed whether it published a key to encrypt with, signed with its identity key
 * @param safetyNumber 60 digits in groups of five over both peers' names and keys: the same on both sides, if nobody is in between
 */
public record PeerKeys(
        String peer, String fingerprint, Optional<String> remembered, boolean receivesSealed, String safetyNumber) {
    /** Whether another key is remembered: it may be a new device, or somebody in the peer's place. */
    public boolean isChanged() {
        return remembered.filter(known -> !known.equals(fingerprint)).isPresent();
    }
}
