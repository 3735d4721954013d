package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.PublishKeys;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;

/** Keeps what a peer publishes for others to encrypt with, without looking into it. */
final class PublishKeysApplier {
    private final EntryState state;

    PublishKeysApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String peer, PublishKeys request) {
        byte[] key = KeyCodec.name(peer);
        PeerRecord known = state.transaction().get(Tables.PEERS, key);
        if (known == null) {
            return new RequestResult.Refused(Rejection.NOT_REGISTERED);
        }
        PeerRecord published = known.toBuilder()
                .setEncryptionKey(request.getEncryptionKey())
                .setEncryptionKeySignature(request.getSignature())
                .build();
        state.transaction().put(Tables.PEERS, key, published);
        return new RequestResult.Done(peer, state.clockMs());
    }
}
