package io.peerlink.statemachine.state;

import com.google.protobuf.Empty;
import io.peerlink.state.v1.BanRecord;
import io.peerlink.state.v1.GroupRecord;
import io.peerlink.state.v1.MemberRecord;
import io.peerlink.state.v1.NameKind;
import io.peerlink.state.v1.NameRecord;
import io.peerlink.state.v1.Role;
import io.peerlink.state.v1.TenureRecord;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups, who is in them as what, and who may not come in. Apply thread only. Invariants: MEMBERS and MEMBERSHIPS say the same;
 * the counts in a GroupRecord are those of its rows.
 */
public final class Groups {
    private final Transaction transaction;
    private final MemberCache cache;
    private final long clockMs;
    private long changes;

    Groups(Transaction transaction, MemberCache cache, long clockMs) {
        this.transaction = transaction;
        this.cache = cache;
        this.clockMs = clockMs;
    }

    /** Rises with every change of any membership or role in this entry. */
    public long changes() {
        return changes;
    }

    /** A new group under a name that is free, with its creator in it. */
    public void create(String group, String creator, Role role, boolean isPrivate) {
        byte[] key = KeyCodec.name(group);
        transaction.put(
                Tables.NAMES,
                key,
                NameRecord.newBuilder().setKind(NameKind.GROUP).build());
        transaction.put(
                Tables.GROUPS,
                key,
                GroupRecord.newBuilder()
                        .setCreatedBy(creator)
                        .setCreatedAtMs(clockMs)
                        .setPrivate(isPrivate)
                        .build());
        join(group, creator, 0, role);
    }

    /** The group, or null if there never was one of this name. */
    public @Nullable GroupRecord find(String group) {
        return transaction.get(Tables.GROUPS, KeyCodec.name(group));
    }

    public void join(String group, String peer, long afterSequence, Role role) {
        MemberRecord member = MemberRecord.newBuilder()
                .setAfterSequence(afterSequence)
                .setSinceMs(clockMs)
                .setRole(role)
                .build();
        transaction.put(Tables.MEMBERS, KeyCodec.names(group, peer), member);
        transaction.put(Tables.MEMBERSHIPS, KeyCodec.names(peer, group), Empty.getDefaultInstance());
        cache.changed(peer, 1);
        GroupRecord.Builder record = known(group);
        record.setMemberCount(record.getMemberCount() + 1).setOwnerCount(record.getOwnerCount() + owners(member));
        changed(group, record);
    }

    /** Gives a member another role. */
    public void setRole(String group, String peer, MemberRecord member, Role role) {
        MemberRecord changed = member.toBuilder().setRole(role).build();
        transaction.put(Tables.MEMBERS, KeyCodec.names(group, peer), changed);
        GroupRecord.Builder record = known(group);
        record.setOwnerCount(record.getOwnerCount() + owners(changed) - owners(member));
        changed(group, record);
    }

    /** Whether nobody would own the group without this member. */
    public boolean isLastOwner(String group, MemberRecord member) {
        return owners(member) == 1 && known(group).getOwnerCount() == 1;
    }

    private static int owners(MemberRecord member) {
        return member.getRole() == Role.ROLE_OWNER ? 1 : 0;
    }

    /** Ends a running membership. */
    public void leave(String group, String peer, MemberRecord member, long untilSequence) {
        transaction.delete(Tables.MEMBERS, KeyCodec.names(group, peer));
        transaction.delete(Tables.MEMBERSHIPS, KeyCodec.names(peer, group));
        cache.changed(peer, -1);
        // A membership without a message in it entitles to nothing, but the peer did take part.
        transaction.put(
                Tables.TENURES,
                KeyCodec.numbered(group, peer, member.getAfterSequence()),
                TenureRecord.newBuilder()
                        .setUntilSequence(untilSequence)
                        .setLeftAtMs(clockMs)
                        .build());
        GroupRecord.Builder record = known(group);
        record.setMemberCount(record.getMemberCount() - 1).setOwnerCount(record.getOwnerCount() - owners(member));
        changed(group, record);
    }

    /** Ends the group: its name stays taken, its messages stay owed to those who were members. */
    public void delete(String group, long untilSequence) {
        for (String peer : members(group)) {
            MemberRecord member = member(group, peer);
            if (member != null) {
                leave(group, peer, member, untilSequence);
            }
        }
        transaction.put(
                Tables.NAMES,
                KeyCodec.name(group),
                NameRecord.newBuilder().setKind(NameKind.DELETED_GROUP).build());
    }

    /** Counts an invitation that came (1) or went (-1). */
    public void countInvited(String group, int by) {
        GroupRecord.Builder record = known(group);
        store(group, record.setInvited(record.getInvited() + by));
    }

    public boolean isBanned(String group, String peer) {
        return transaction.get(Tables.BANS, KeyCodec.names(group, peer)) != null;
    }

    /** Bans a peer that is not banned. */
    public void ban(String group, String peer, String by) {
        transaction.put(
                Tables.BANS,
                KeyCodec.names(group, peer),
                BanRecord.newBuilder().setBy(by).setAtMs(clockMs).build());
        GroupRecord.Builder record = known(group);
        store(group, record.setBanned(record.getBanned() + 1));
    }

    /** Lets a peer that is banned come again. */
    public void unban(String group, String peer) {
        transaction.delete(Tables.BANS, KeyCodec.names(group, peer));
        GroupRecord.Builder record = known(group);
        store(group, record.setBanned(record.getBanned() - 1));
    }

    /** The running membership, or null. */
    public @Nullable MemberRecord member(String group, String peer) {
        return transaction.get(Tables.MEMBERS, KeyCodec.names(group, peer));
    }

    /** Whether the group has at least so many members; 0 is no limit, which none reaches. */
    public boolean hasMembers(String group, int limit) {
        GroupRecord record = find(group);
        return limit != 0
                && record != null
                && Long.compare(record.getMemberCount(), Integer.toUnsignedLong(limit)) >= 0;
    }

    /** Whether the peer is a member of at least so many groups; 0 is no limit. */
    public boolean hasMemberships(String peer, int limit) {
        return limit != 0 && Integer.compareUnsigned(memberships(peer), limit) >= 0;
    }

    /** Counted once, since a peer that asks again and again must not have its rows read each time. */
    private int memberships(String peer) {
        Integer known = cache.memberships(peer);
        if (known != null) {
            return known;
        }
        int[] found = new int[1];
        byte[] prefix = KeyCodec.prefix(peer);
        transaction.scan(Tables.MEMBERSHIPS, prefix, KeyCodec.endOf(prefix), row -> ++found[0] > 0);
        cache.counted(peer, found[0]);
        return found[0];
    }

    /** All members by name. */
    public List<String> members(String group) {
        List<String> known = cache.get(group);
        if (known == null) {
            List<String> found = new ArrayList<>();
            byte[] prefix = KeyCodec.prefix(group);
            transaction.scan(
                    Tables.MEMBERS,
                    prefix,
                    KeyCodec.endOf(prefix),
                    row -> found.add(KeyCodec.nameAt(row.key(), prefix.length)));
            known = List.copyOf(found);
            cache.put(group, known);
        }
        return known;
    }

    private void changed(String group, GroupRecord.Builder record) {
        changes++;
        cache.drop(group);
        store(group, record);
    }

    private GroupRecord.Builder known(String group) {
        GroupRecord record = find(group);
        if (record == null) {
            throw new IllegalStateException("no group " + group);
        }
        return record.toBuilder();
    }

    private void store(String group, GroupRecord.Builder record) {
        transaction.put(Tables.GROUPS, KeyCodec.name(group), record.build());
    }
}
