package io.peerlink.statemachine.view;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.peerlink.state.v1.NameKind;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.StateView.GroupRole;
import io.peerlink.statemachine.StateView.InvitationView;
import io.peerlink.statemachine.StateView.InviteView;
import io.peerlink.statemachine.StateView.MemberView;
import io.peerlink.statemachine.state.Invites;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Rows;
import io.peerlink.statemachine.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads who is in which group, who may come, and who may not. Stateless. */
final class AccessReader {
    private AccessReader() {}

    /** Second names of rows whose first is {@code name}. */
    static List<String> namesBehind(Rows rows, Table<Empty> table, String name, String after, int max) {
        List<String> names = new ArrayList<>();
        byte[] prefix = KeyCodec.prefix(name);
        rows.scan(table, from(name, after), KeyCodec.endOf(prefix), row -> {
            names.add(KeyCodec.nameAt(row.key(), prefix.length));
            return names.size() < max;
        });
        return List.copyOf(names);
    }

    /** Those to groups that are gone are not told. */
    static List<InvitationView> invitations(Rows rows, String peer, String afterGroup, int max) {
        List<InvitationView> invitations = new ArrayList<>();
        byte[] prefix = KeyCodec.prefix(peer);
        rows.scan(Tables.INVITATIONS, from(peer, afterGroup), KeyCodec.endOf(prefix), row -> {
            String group = KeyCodec.nameAt(row.key(), prefix.length);
            var name = rows.get(Tables.NAMES, KeyCodec.name(group));
            if (name != null && name.getKind() == NameKind.GROUP) {
                invitations.add(new InvitationView(
                        group, row.value().getBy(), row.value().getAtMs()));
            }
            return invitations.size() < max;
        });
        return List.copyOf(invitations);
    }

    static Optional<List<MemberView>> members(Rows rows, String group, String afterPeer, int max) {
        var name = rows.get(Tables.NAMES, KeyCodec.name(group));
        if (name == null || name.getKind() != NameKind.GROUP) {
            return Optional.empty();
        }
        List<MemberView> members = new ArrayList<>();
        byte[] prefix = KeyCodec.prefix(group);
        rows.scan(Tables.MEMBERS, from(group, afterPeer), KeyCodec.endOf(prefix), row -> {
            members.add(new MemberView(
                    KeyCodec.nameAt(row.key(), prefix.length),
                    row.value().getSinceMs(),
                    role(row.value().getRole())));
            return members.size() < max;
        });
        return Optional.of(List.copyOf(members));
    }

    private static GroupRole role(Role role) {
        return switch (role) {
            case ROLE_READER -> GroupRole.READER;
            case ROLE_MEMBER -> GroupRole.MEMBER;
            case ROLE_ADMIN -> GroupRole.ADMIN;
            case ROLE_OWNER -> GroupRole.OWNER;
            case UNRECOGNIZED -> throw new IllegalStateException("unknown role in the tables");
        };
    }

    static List<InviteView> invites(Rows rows, ByteString after, int max) {
        List<InviteView> invites = new ArrayList<>();
        rows.scan(Tables.INVITES, KeyCodec.after(after.toByteArray()), Invites.end(), row -> {
            invites.add(new InviteView(
                    ByteString.copyFrom(row.key()),
                    row.value().getName(),
                    row.value().getCreatedAtMs(),
                    row.value().getExpiresAtMs(),
                    row.value().getOperator(),
                    row.value().getUnlocks()));
            return invites.size() < max;
        });
        return List.copyOf(invites);
    }

    private static byte[] from(String name, String after) {
        return KeyCodec.after(KeyCodec.names(name, after));
    }
}
