package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.junit.jupiter.api.Test;

final class LeaderVoiceTest {
    private final LeaderVoice voice = new LeaderVoice();

    private boolean counts(Object answer) {
        long before = voice.heardNanos();
        long begun = System.nanoTime();
        assertThat(voice.passing(answer)).isSameAs(answer);
        return voice.heardNanos() != before && voice.heardNanos() - begun >= 0;
    }

    private static AppendEntriesReplyProto append(AppendResult result) {
        return AppendEntriesReplyProto.newBuilder().setResult(result).build();
    }

    @Test
    void aLeaderIsHeardByWhatItAppends() {
        assertThat(counts(append(AppendResult.SUCCESS))).isTrue();
        assertThat(counts(append(AppendResult.INCONSISTENCY))).isTrue();
        assertThat(counts(InstallSnapshotReplyProto.getDefaultInstance())).isTrue();
    }

    @Test
    void aCandidateIsNoLeaderAndNeitherIsOneOfThePast() {
        assertThat(counts(RequestVoteReplyProto.getDefaultInstance())).isFalse();
        assertThat(counts(append(AppendResult.NOT_LEADER))).isFalse();
    }
}
