package io.peerlink.integration.crowd;

import com.google.protobuf.ByteString;
import io.peerlink.integration.cluster.Frames;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.ChangeGroup;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.LeaveGroup;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Send;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a session of an attacker sends, frame after frame. One thread. */
interface Pattern {
    /** As many as a frame may hold. */
    int REQUESTS = 1_000;

    /** What a frame may hold beside one body of the largest size. */
    int MORE_BYTES = 2 << 20;

    /** Requests are numbered from {@code sequence}; frames from 0. */
    ClientFrame frame(long sequence, long number);

    /** All requests of its frames; their sequences never settle, if that is up to the client. */
    private static Pattern always(List<Request> requests) {
        return (sequence, number) -> Frames.requests(sequence, 1, requests);
    }

    /** Bodies of one byte too much, as many as a frame takes. */
    static Pattern bodies(Attached attached) {
        ByteString body = ByteString.copyFrom(new byte[attached.getBodyBytesMax() + 1]);
        Request large = Request.newBuilder()
                .setSend(Send.newBuilder().setTo("nobody").addBodies(body))
                .build();
        // Some room for what is around them.
        return always(Collections.nCopies((MORE_BYTES + body.size() - 10_000) / (body.size() + 100), large));
    }

    /** Half of them no names, half of them nobody's. */
    static Pattern names(Attached attached) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS / 2; i++) {
            requests.add(Frames.send("no name " + i, "x"));
            requests.add(Frames.send("nobody-" + i, "x"));
        }
        return always(requests);
    }

    /** Small messages to this peer or group. */
    static Pattern sends(String to) {
        return always(Collections.nCopies(REQUESTS, Frames.send(to, "x")));
    }

    /** First as many groups of its own as a peer may have but for one; then creates, leaves and deletes that one, and creates one too many. */
    static Pattern groups(String attacker) {
        return (sequence, number) -> {
            List<Request> requests = new ArrayList<>();
            String prefix = attacker + "-" + number + "-";
            for (int i = 0; number == 0 && i < REQUESTS - 1; i++) {
                requests.add(Frames.createGroup(prefix + i));
            }
            for (int i = 0; number > 0 && i < REQUESTS / 4; i++) {
                String group = prefix + i;
                requests.add(Frames.createGroup(group));
                requests.add(Frames.createGroup(group + "-more"));
                requests.add(leave(group));
                requests.add(Request.newBuilder()
                        .setChangeGroup(ChangeGroup.newBuilder()
                                .setGroup(group)
                                .setDelete(ChangeGroup.Delete.getDefaultInstance()))
                        .build());
            }
            return Frames.requests(sequence, 1, requests);
        };
    }

    /** Joins this group, marks it and the conversation with itself as read, and leaves again. */
    static Pattern marks(String attacker, String group) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS / 4; i++) {
            requests.add(Frames.joinGroup(group));
            requests.add(Frames.markRead(group, 0));
            requests.add(Frames.markRead(attacker + "~" + attacker, 0));
            requests.add(leave(group));
        }
        return always(requests);
    }

    static Pattern pings(Attached attached) {
        return (sequence, number) -> Frames.ping(number);
    }

    private static Request leave(String group) {
        return Request.newBuilder()
                .setLeaveGroup(LeaveGroup.newBuilder().setGroup(group))
                .build();
    }
}
