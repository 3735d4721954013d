package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.PublishKeys;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.state.EntryState;

/** Keeps what a peer publishes for others to encrypt with, without looking into it. */
final class PublishKeysApplier {
    private final EntryState state;

    PublishKeysApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String peer, PublishKeys request) {
        state.peers().publish(peer, request.getEncryptionKey(), request.getSignature());
        return new RequestResult.Done(peer, state.clockMs());
    }
}
