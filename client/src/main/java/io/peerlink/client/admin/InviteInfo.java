package io.peerlink.client.admin;

import io.peerlink.protocol.v1.Invite;
import java.time.Instant;
import java.util.HexFormat;

/**
 * An invite that was not used.
 *
 * @param codeHash SHA-256 of the code, in hex
 * @param name the only name that it is for; empty: any that is free
 * @param operator who made it; "loopback" where routers did not ask
 * @param unlocks for a name that was locked
 */
public record InviteInfo(
        String codeHash, String name, Instant createdAt, Instant expiresAt, String operator, boolean unlocks) {
    static InviteInfo of(Invite invite) {
        return new InviteInfo(
                HexFormat.of().formatHex(invite.getCodeHash().toByteArray()),
                invite.getName(),
                Instant.ofEpochMilli(invite.getCreatedAtMs()),
                Instant.ofEpochMilli(invite.getExpiresAtMs()),
                invite.getOperator(),
                invite.getUnlocks());
    }
}
