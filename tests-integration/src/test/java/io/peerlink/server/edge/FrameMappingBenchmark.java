package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.integration.micro.MicroBenchmark;
import io.peerlink.log.v1.Command;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.Send;
import io.peerlink.server.config.ConfigLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * From a client's frame, as bytes, to commands: what the leader's edge does for {@value #MESSAGES} sends of 100 bytes that came
 * together. Messages a second in one thread. In this package because the mapper is nobody else's business.
 */
public class FrameMappingBenchmark extends MicroBenchmark {
    static final int MESSAGES = 500;
    private static final int BODY_BYTES = 100;

    /** Whether the client put sends that are alike into one request. */
    @Param({"true", "false"})
    public boolean grouped;

    private FrameMapper mapper;
    private byte[] frame;

    @Setup(Level.Trial)
    public void open() {
        mapper = new FrameMapper(ConfigLoader.load(Optional.empty(), Map.of()), () -> false);
        Requests.Builder requests = Requests.newBuilder().setFirstSequence(1).setLowestUnsettled(1);
        ByteString body = ByteString.copyFrom(new byte[BODY_BYTES]);
        for (int i = 0; i < MESSAGES; i++) {
            if (grouped && i > 0) {
                requests.getRequestsBuilder(0).getSendBuilder().addBodies(body);
            } else {
                requests.addRequests(Request.newBuilder()
                        .setSend(Send.newBuilder()
                                .setTo("bob")
                                .setContentType("text/plain")
                                .addBodies(body)));
            }
        }
        frame = ClientFrame.newBuilder().setRequests(requests).build().toByteArray();
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public List<Command> messages() throws InvalidProtocolBufferException {
        return mapper.requests("alice", 1, ClientFrame.parseFrom(frame).getRequests(), false);
    }
}
