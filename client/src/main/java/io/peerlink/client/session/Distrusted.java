package io.peerlink.client.session;

import io.peerlink.client.PeerLinkException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who showed a wrong certificate in a search, or wants TLS otherwise than this client: not asked again. One of several alone
 * harms nothing, as nothing was sent to it. Session thread only. Bound: {@value #ADDRESSES_MAX} addresses.
 */
final class Distrusted {
    private static final int ADDRESSES_MAX = 64;

    private final Map<String, PeerLinkException> reasons = new LinkedHashMap<>();

    void clear() {
        reasons.clear();
    }

    boolean contains(String address) {
        return reasons.containsKey(address);
    }

    /** Notes why a connection ended, if that is a matter of trust. */
    void note(String address, PeerLinkException why) {
        if (why.code().isDistrust() && reasons.size() < ADDRESSES_MAX) {
            reasons.put(address, ErrorMapper.of(address, why));
        }
    }

    /**
     * Why there is no use in searching on: whoever is named as the leader is distrusted, or everybody who answers is.
     *
     * @param othersAnswer whether somebody else answers, or may yet
     */
    Optional<PeerLinkException> verdict(Optional<String> leader, boolean othersAnswer) {
        Optional<PeerLinkException> ofLeader = leader.flatMap(address -> Optional.ofNullable(reasons.get(address)));
        return ofLeader.isPresent() || othersAnswer
                ? ofLeader
                : reasons.values().stream().findFirst();
    }
}
