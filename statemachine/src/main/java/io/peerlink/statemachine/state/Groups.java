package io.peerlink.statemachine.state;

import com.google.protobuf.Empty;
import io.peerlink.state.v1.GroupRecord;
import io.peerlink.state.v1.MemberRecord;
import io.peerlink.state.v1.TenureRecord;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups and who is in them. Apply thread only. Invariant: MEMBERS and MEMBERSHIPS say the same. */
public final class Groups {
    private final Transaction transaction;
    private final MemberCache cache;
    private long changes;

    Groups(Transaction transaction, MemberCache cache) {
        this.transaction = transaction;
        this.cache = cache;
    }

    /** Rises with every change of any membership in this entry. */
    public long changes() {
        return changes;
    }

    public void create(String group, String creator, long clockMs) {
        transaction.put(
                Tables.GROUPS,
                KeyCodec.name(group),
                GroupRecord.newBuilder()
                        .setCreatedBy(creator)
                        .setCreatedAtMs(clockMs)
                        .build());
        join(group, creator, 0, clockMs);
    }

    public void join(String group, String peer, long afterSequence, long clockMs) {
        transaction.put(
                Tables.MEMBERS,
                KeyCodec.names(group, peer),
                MemberRecord.newBuilder()
                        .setAfterSequence(afterSequence)
                        .setSinceMs(clockMs)
                        .build());
        transaction.put(Tables.MEMBERSHIPS, KeyCodec.names(peer, group), Empty.getDefaultInstance());
        cache.changed(peer, 1);
        changed(group, 1);
    }

    /** Ends a running membership. */
    public void leave(String group, String peer, MemberRecord member, long untilSequence, long clockMs) {
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
        changed(group, -1);
    }

    /** The running membership, or null. */
    public @Nullable MemberRecord member(String group, String peer) {
        return transaction.get(Tables.MEMBERS, KeyCodec.names(group, peer));
    }

    /** Whether the group has at least so many members; 0 is no limit, which none reaches. */
    public boolean hasMembers(String group, int limit) {
        GroupRecord record = transaction.get(Tables.GROUPS, KeyCodec.name(group));
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

    private void changed(String group, int by) {
        changes++;
        cache.drop(group);
        GroupRecord record = transaction.get(Tables.GROUPS, KeyCodec.name(group));
        if (record == null) {
            throw new IllegalStateException("no group " + group);
        }
        transaction.put(
                Tables.GROUPS,
                KeyCodec.name(group),
                record.toBuilder().setMemberCount(record.getMemberCount() + by).build());
    }
}
