package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.junit.jupiter.api.Test;

final class SyncedOnlyTest {
    private static final long SYNCED = 10;

    private final SyncedOnly syncedOnly = new SyncedOnly(() -> SYNCED);

    private static AppendEntriesReplyProto confirming(long index) {
        return AppendEntriesReplyProto.newBuilder()
                .setTerm(3)
                .setMatchIndex(index)
                .build();
    }

    @Test
    void confirmsWhatTheDiskHas() {
        assertThat(syncedOnly.passing(confirming(SYNCED))).isEqualTo(confirming(SYNCED));
    }

    @Test
    void confirmsNoMore() {
        assertThat(syncedOnly.passing(confirming(SYNCED + 2))).isEqualTo(confirming(SYNCED));
    }

    @Test
    void letsEverythingElseThrough() {
        AppendEntriesReplyProto heartbeat = confirming(-1);
        RequestVoteReplyProto vote =
                RequestVoteReplyProto.newBuilder().setTerm(4).build();
        assertThat(syncedOnly.passing(heartbeat)).isSameAs(heartbeat);
        assertThat(syncedOnly.passing(vote)).isSameAs(vote);
    }
}
