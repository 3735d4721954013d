package io.peerlink.statemachine.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.peerlink.state.v1.CursorRecord;
import io.peerlink.state.v1.InvitationRecord;
import io.peerlink.state.v1.NameKind;
import io.peerlink.state.v1.NameRecord;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Registered peers: their keys, whom they block, and which groups they are invited to. Apply thread only. Invariant: the
 * counts in a PeerRecord are those of its rows in BLOCKS and INVITATIONS.
 */
public final class Peers {
    private final Transaction transaction;
    private final long clockMs;
    private long blockChanges;

    Peers(Transaction transaction, long clockMs) {
        this.transaction = transaction;
        this.clockMs = clockMs;
    }

    /** The peer, or null if nobody registered the name. */
    public @Nullable PeerRecord find(String name) {
        return transaction.get(Tables.PEERS, KeyCodec.name(name));
    }

    /** A new peer under a name that is free. */
    public void add(String name, ByteString publicKey) {
        byte[] key = KeyCodec.name(name);
        transaction.put(
                Tables.NAMES,
                key,
                NameRecord.newBuilder().setKind(NameKind.PEER).build());
        transaction.put(
                Tables.PEERS,
                key,
                PeerRecord.newBuilder()
                        .setPublicKey(publicKey)
                        .setCreatedAtMs(clockMs)
                        .build());
        transaction.put(Tables.CURSORS, key, CursorRecord.getDefaultInstance());
    }

    /** Gives a registered peer another key, and returns how often it has changed. */
    public int setKey(String name, ByteString publicKey) {
        PeerRecord.Builder record = changed(name, publicKey);
        store(name, record);
        return record.getKeyChanges();
    }

    /**
     * Takes its key from a registered peer.
     *
     * @param unlock the invite that gives it another one
     * @return the one that was to do so before; empty if there was none
     */
    public ByteString lock(String name, ByteString unlock) {
        ByteString before = known(name).getUnlock();
        store(name, changed(name, ByteString.EMPTY).setUnlock(unlock));
        return before;
    }

    /** What it published was signed with the key before. */
    private PeerRecord.Builder changed(String name, ByteString publicKey) {
        PeerRecord.Builder record = known(name);
        return record.setPublicKey(publicKey)
                .setKeyChanges(record.getKeyChanges() + 1)
                .clearUnlock()
                .clearEncryptionKey()
                .clearEncryptionKeySignature();
    }

    /** Takes what a registered peer publishes for others to encrypt with, in place of what it published before. */
    public void publish(String name, ByteString encryptionKey, ByteString signature) {
        store(name, known(name).setEncryptionKey(encryptionKey).setEncryptionKeySignature(signature));
    }

    /** Rises with every change of any block list in this entry. */
    public long blockChanges() {
        return blockChanges;
    }

    public boolean isBlocked(String peer, String blocked) {
        return transaction.get(Tables.BLOCKS, KeyCodec.names(peer, blocked)) != null;
    }

    /** Changes nothing if it is so already. */
    public void setBlocked(String peer, String other, boolean blocked) {
        if (isBlocked(peer, other) == blocked) {
            return;
        }
        blockChanges++;
        PeerRecord.Builder record = known(peer);
        if (blocked) {
            transaction.put(Tables.BLOCKS, KeyCodec.names(peer, other), Empty.getDefaultInstance());
            store(peer, record.setBlocked(record.getBlocked() + 1));
        } else {
            transaction.delete(Tables.BLOCKS, KeyCodec.names(peer, other));
            store(peer, record.setBlocked(record.getBlocked() - 1));
        }
    }

    /** Groups that the other peer invited this one to. */
    public List<String> invitationsBy(String peer, String by) {
        return invitations(peer).entrySet().stream()
                .filter(invitation -> invitation.getValue().equals(by))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Groups that the peer was invited to, in the order of their names, and by whom. */
    public SortedMap<String, String> invitations(String peer) {
        SortedMap<String, String> invitations = new TreeMap<>();
        byte[] prefix = KeyCodec.prefix(peer);
        transaction.scan(Tables.INVITATIONS, prefix, KeyCodec.endOf(prefix), row -> {
            invitations.put(
                    KeyCodec.nameAt(row.key(), prefix.length), row.value().getBy());
            return true;
        });
        return invitations;
    }

    public boolean isInvited(String peer, String group) {
        return transaction.get(Tables.INVITATIONS, KeyCodec.names(peer, group)) != null;
    }

    /** Adds an invitation that the peer does not have. */
    public void invite(String peer, String group, String by) {
        transaction.put(
                Tables.INVITATIONS,
                KeyCodec.names(peer, group),
                InvitationRecord.newBuilder().setBy(by).setAtMs(clockMs).build());
        PeerRecord.Builder record = known(peer);
        store(peer, record.setInvitations(record.getInvitations() + 1));
    }

    /** Takes back, or uses up, an invitation that the peer has. */
    public void uninvite(String peer, String group) {
        transaction.delete(Tables.INVITATIONS, KeyCodec.names(peer, group));
        PeerRecord.Builder record = known(peer);
        store(peer, record.setInvitations(record.getInvitations() - 1));
    }

    private PeerRecord.Builder known(String name) {
        PeerRecord record = find(name);
        if (record == null) {
            throw new IllegalStateException("no peer " + name);
        }
        return record.toBuilder();
    }

    private void store(String name, PeerRecord.Builder record) {
        transaction.put(Tables.PEERS, KeyCodec.name(name), record.build());
    }
}
