package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.Refused;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.statemachine.Rejection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the requests of one frame into commands, sequence by sequence. What is alike shares a request, and no command gets so
 * large that a frame of large bodies would become one oversized log entry. Belongs to one call.
 */
final class CommandWriter {
    private static final int COMMAND_BYTES_MAX = 256 * 1024;
    /** What a request takes beside a body: names, checksum, tags. */
    private static final int REQUEST_BYTES = 64;

    private final SessionRequests.Builder command;
    private final List<Command> commands = new ArrayList<>(1);
    private int bytes;
    private long sequence;

    /** The last one, to which what is alike may be added; null if there is none or it is complete. */
    private Request.@Nullable Builder open;
    /** What sends in it have in common; null: it is a refusal. */
    private @Nullable SendMessage common;

    private @Nullable Rejection refusal;

    /** {@code header}: of all commands, without requests. */
    CommandWriter(SessionRequests header) {
        this.command = header.toBuilder();
        this.sequence = header.getFirstSequence();
    }

    /** The next sequence sends {@code body}. {@code alike}: the rest of the message. */
    void send(SendMessage alike, ByteString body, int checksum) {
        Request.Builder request = open;
        if (request == null || !alike.equals(common)) {
            request = start(Request.newBuilder().setSendMessage(alike));
            common = alike;
        }
        request.getSendMessageBuilder().addBodies(body);
        count(request, body.size(), checksum);
    }

    /** The next sequence is refused. */
    void refuse(Rejection rejection, int checksum) {
        Request.Builder request = open;
        if (request == null || refusal != rejection) {
            request = start(Request.newBuilder().setRefused(Refused.newBuilder().setRejection(rejection.number())));
            refusal = rejection;
        }
        count(request, 0, checksum);
    }

    /** The next sequence asks for something else. */
    void other(Request.Builder request, int checksum) {
        count(start(request), 0, checksum);
        end();
    }

    private Request.Builder start(Request.Builder request) {
        end();
        if (bytes >= COMMAND_BYTES_MAX) {
            endCommand();
        }
        open = request;
        bytes += REQUEST_BYTES;
        return request;
    }

    private void count(Request.Builder request, int bodyBytes, int checksum) {
        request.addChecksums(checksum);
        bytes += bodyBytes;
        sequence++;
        if (bytes >= COMMAND_BYTES_MAX) {
            end();
        }
    }

    private void end() {
        Request.Builder request = open;
        if (request != null) {
            command.addRequests(request);
            open = null;
            common = null;
            refusal = null;
        }
    }

    private void endCommand() {
        commands.add(Command.newBuilder().setSessionRequests(command).build());
        command.clearRequests().setFirstSequence(sequence);
        bytes = 0;
    }

    /** The commands, in sequence order. */
    List<Command> finish() {
        end();
        if (command.getRequestsCount() > 0) {
            endCommand();
        }
        return commands;
    }

    /** How many sequences a command takes. */
    static int sequences(SessionRequests command) {
        int sequences = 0;
        for (Request request : command.getRequestsList()) {
            sequences += request.getChecksumsCount();
        }
        return sequences;
    }
}
