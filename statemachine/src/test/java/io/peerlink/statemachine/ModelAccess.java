package io.peerlink.statemachine;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Admission;
import io.peerlink.log.v1.CreateInvite;
import io.peerlink.log.v1.LockPeer;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.log.v1.RevokeInvite;
import io.peerlink.log.v1.RotateKey;
import io.peerlink.log.v1.SetBlocked;
import java.util.TreeMap;

/** The part of the model that says who may act as whom. */
final class ModelAccess {
    private final Model model;
    /** By hash, in the order of these; the generator's are short words. */
    final TreeMap<String, Code> codes = new TreeMap<>();

    record Code(String name, long expiresAtMs, boolean unlocks) {}

    ModelAccess(Model model) {
        this.model = model;
    }

    Outcome register(RegisterPeer command) {
        String name = command.getName();
        Model.Peer known = model.peers.get(name);
        if (model.groups.containsKey(name)) {
            return new Outcome.Refused(Rejection.NAME_TAKEN);
        }
        if (known == null) {
            if (command.getAdmission() == Admission.ADMISSION_NOBODY) {
                return new Outcome.Refused(Rejection.REGISTRATION_CLOSED);
            }
            if (command.getAdmission() == Admission.ADMISSION_INVITED) {
                if (command.getInvite().isEmpty()) {
                    return new Outcome.Refused(Rejection.INVITE_NEEDED);
                }
                if (!use(command.getInvite(), name, false)) {
                    return new Outcome.Refused(Rejection.INVITE_INVALID);
                }
            }
            model.peers.put(name, new Model.Peer(command.getPublicKey()));
            return new Outcome.Registered(true);
        }
        if (known.key.equals(command.getPublicKey())) {
            return new Outcome.Registered(false);
        }
        if (!known.key.isEmpty() || command.getInvite().isEmpty()) {
            return new Outcome.Refused(Rejection.NAME_TAKEN);
        }
        if (!known.unlock.equals(command.getInvite()) || !use(command.getInvite(), name, true)) {
            return new Outcome.Refused(Rejection.INVITE_INVALID);
        }
        known.setKey(command.getPublicKey());
        return new Outcome.Registered(false);
    }

    private boolean use(ByteString hash, String name, boolean unlocks) {
        Code code = codes.get(hash.toStringUtf8());
        boolean good = code != null
                && code.unlocks() == unlocks
                && model.clockMs < code.expiresAtMs()
                && (code.name().equals("") || code.name().equals(name));
        if (good) {
            codes.remove(hash.toStringUtf8());
        }
        return good;
    }

    Outcome rotate(RotateKey command) {
        Model.Peer peer = model.peers.get(command.getPeer());
        if (peer == null) {
            return new Outcome.Refused(Rejection.NOT_REGISTERED);
        }
        boolean done = peer.key.equals(command.getNewPublicKey());
        if (!done && !peer.key.equals(command.getOldPublicKey())) {
            return new Outcome.Refused(Rejection.WRONG_KEY);
        }
        if (!done) {
            peer.setKey(command.getNewPublicKey());
            Model.Session asking = peer.sessions.get(command.getIncarnation());
            if (asking != null) {
                asking.keyChanges = peer.keyChanges;
            }
        }
        return new Outcome.AccessChanged(model.clockMs);
    }

    Outcome invite(CreateInvite command) {
        if (model.peers.containsKey(command.getName()) || model.groups.containsKey(command.getName())) {
            return new Outcome.Refused(Rejection.NAME_TAKEN);
        }
        add(command.getInvite(), new Code(command.getName(), model.clockMs + command.getTtlMs(), false));
        return new Outcome.AccessChanged(model.clockMs);
    }

    /** Expired ones that lie behind a new one go. */
    private void add(ByteString hash, Code code) {
        codes.tailMap(hash.toStringUtf8()).values().removeIf(old -> old.expiresAtMs() <= model.clockMs);
        codes.put(hash.toStringUtf8(), code);
    }

    Outcome revoke(RevokeInvite command) {
        return codes.remove(command.getInvite().toStringUtf8()) == null
                ? new Outcome.Refused(Rejection.INVITE_INVALID)
                : new Outcome.AccessChanged(model.clockMs);
    }

    Outcome lock(LockPeer command) {
        Model.Peer peer = model.peers.get(command.getPeer());
        if (peer == null) {
            return new Outcome.Refused(Rejection.UNKNOWN_NAME);
        }
        codes.remove(peer.unlock.toStringUtf8());
        peer.setKey(ByteString.EMPTY);
        peer.unlock = command.getInvite();
        add(command.getInvite(), new Code(command.getPeer(), model.clockMs + command.getTtlMs(), true));
        return new Outcome.AccessChanged(model.clockMs);
    }

    Object setBlocked(String caller, SetBlocked request) {
        if (request.getPeer().equals(caller)) {
            return Rejection.NOT_YOURSELF;
        }
        if (request.getBlocked()) {
            if (model.peer(caller).blocked.add(request.getPeer())) {
                model.peer(caller).invitations.values().removeIf(request.getPeer()::equals);
            }
        } else {
            model.peer(caller).blocked.remove(request.getPeer());
        }
        return request.getPeer();
    }
}
