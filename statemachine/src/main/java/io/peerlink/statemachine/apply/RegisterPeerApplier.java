package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.state.v1.CursorRecord;
import io.peerlink.state.v1.NameKind;
import io.peerlink.state.v1.NameRecord;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;

/** Gives a free name to a key; the same key again changes nothing. */
final class RegisterPeerApplier {
    private final EntryState state;

    RegisterPeerApplier(EntryState state) {
        this.state = state;
    }

    Outcome apply(RegisterPeer command) {
        String name = command.getName();
        byte[] key = KeyCodec.name(name);
        return switch (state.nameKind(name)) {
            case NAME_KIND_UNSPECIFIED -> {
                if (!Names.isStorable(name)) {
                    yield new Outcome.Refused(Rejection.BAD_NAME);
                }
                state.transaction()
                        .put(
                                Tables.NAMES,
                                key,
                                NameRecord.newBuilder().setKind(NameKind.PEER).build());
                state.transaction()
                        .put(
                                Tables.PEERS,
                                key,
                                PeerRecord.newBuilder()
                                        .setPublicKey(command.getPublicKey())
                                        .setCreatedAtMs(state.clockMs())
                                        .build());
                state.transaction().put(Tables.CURSORS, key, CursorRecord.getDefaultInstance());
                yield new Outcome.Registered(true);
            }
            case PEER -> {
                PeerRecord peer = state.transaction().get(Tables.PEERS, key);
                boolean same = peer != null && peer.getPublicKey().equals(command.getPublicKey());
                yield same ? new Outcome.Registered(false) : new Outcome.Refused(Rejection.NAME_TAKEN);
            }
            case GROUP -> new Outcome.Refused(Rejection.NAME_TAKEN);
            case UNRECOGNIZED -> throw new IllegalStateException("name " + name + " of unknown kind");
        };
    }
}
