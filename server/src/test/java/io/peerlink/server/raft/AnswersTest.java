package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.Test;

final class AnswersTest {
    private final List<Object> sent = new ArrayList<>();

    @Test
    void sendsWhatTheFunctionGives() {
        ServerCall.Listener<AppendEntriesRequestProto> unused = new Answers(message -> message + ", seen")
                .interceptCall(new Call(), new Metadata(), (call, headers) -> {
                    call.sendMessage("one");
                    call.sendMessage("two");
                    return new ServerCall.Listener<>() {};
                });
        assertThat(sent).containsExactly("one, seen", "two, seen");
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
