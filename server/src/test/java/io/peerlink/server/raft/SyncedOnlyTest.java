package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.Test;

final class SyncedOnlyTest {
    private static final long SYNCED = 10;

    private final List<Object> sent = new ArrayList<>();

    private static AppendEntriesReplyProto confirming(long index) {
        return AppendEntriesReplyProto.newBuilder()
                .setTerm(3)
                .setMatchIndex(index)
                .build();
    }

    private void answer(Object message) {
        ServerCall.Listener<AppendEntriesRequestProto> unused = new SyncedOnly(() -> SYNCED)
                .interceptCall(new Call(), new Metadata(), (call, headers) -> {
                    call.sendMessage(message);
                    return new ServerCall.Listener<>() {};
                });
    }

    @Test
    void confirmsWhatTheDiskHas() {
        AppendEntriesReplyProto reply = confirming(SYNCED);
        answer(reply);
        assertThat(sent).containsExactly(reply);
    }

    @Test
    void confirmsNoMore() {
        answer(confirming(SYNCED + 2));
        assertThat(sent).containsExactly(confirming(SYNCED));
    }

    @Test
    void letsEverythingElseThrough() {
        AppendEntriesReplyProto heartbeat = confirming(-1);
        RequestVoteReplyProto vote =
                RequestVoteReplyProto.newBuilder().setTerm(4).build();
        answer(heartbeat);
        answer(vote);
        assertThat(sent).containsExactly(heartbeat, vote);
    }

    private final class Call extends ServerCall<AppendEntriesRequestProto, Object> {
        @Override
        public void sendMessage(Object message) {
            sent.add(message);
        }

        @Override
        public void request(int count) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<AppendEntriesRequestProto, Object> getMethodDescriptor() {
            throw new AssertionError("not asked");
        }
    }
}
