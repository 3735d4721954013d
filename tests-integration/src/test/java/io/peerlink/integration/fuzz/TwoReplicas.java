package io.peerlink.integration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.integration.simulation.Databases;
import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.CreateGroup;
import io.peerlink.log.v1.JoinGroup;
import io.peerlink.log.v1.OpenSession;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.log.v1.Tick;
import io.peerlink.statemachine.ApplyResult;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.StateMachine;
import java.util.List;

/**
 * Two state machines that got the same log: alice, bob and carol, each with incarnation 1, a group, messages with outcomes that
 * may still be asked for, some of them delivered. One life; then {@link #close}.
 */
public final class TwoReplicas implements AutoCloseable {
    public static final ByteString KEY = ByteString.copyFromUtf8("a key");

    private static final List<String> PEERS = List.of("alice", "bob", "carol");
    private static final Databases DATABASES = new Databases();
    private static final int FORMAT = 5;
    private static final long TIME_MS = 1_800_000_000_000L;
    private static final long TTL_MS = 60_000;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(DATABASES::close));
    }

    private final StateMachine one = DATABASES.empty();
    private final StateMachine other = DATABASES.empty();
    private long index;

    public TwoReplicas() {
        Batch.Builder past = batch();
        for (String peer : PEERS) {
            past.addCommands(Command.newBuilder()
                    .setRegisterPeer(RegisterPeer.newBuilder().setName(peer).setPublicKey(KEY)));
            past.addCommands(Command.newBuilder()
                    .setOpenSession(OpenSession.newBuilder().setPeer(peer).setPublicKey(KEY)));
        }
        past.addCommands(requests(
                "alice",
                Request.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().setGroup("team"))
                        .addChecksums(1),
                send("bob", 2),
                send("team", 3)));
        past.addCommands(requests(
                "bob",
                Request.newBuilder()
                        .setJoinGroup(JoinGroup.newBuilder().setGroup("team"))
                        .addChecksums(1),
                send("team", 2),
                send("alice", 3)));
        past.addCommands(Command.newBuilder()
                .setAdvanceCursor(AdvanceCursor.newBuilder().setPeer("bob").setInboxSequence(1)));
        apply(past.build());
    }

    /** An entry's head: this version's format, and the leader's clock. */
    public static Batch.Builder batch() {
        return Batch.newBuilder().setFormat(FORMAT).setTimeMs(TIME_MS);
    }

    private static Command.Builder requests(String peer, Request.Builder... requests) {
        SessionRequests.Builder session =
                SessionRequests.newBuilder().setPeer(peer).setIncarnation(1).setFirstSequence(1);
        for (Request.Builder request : requests) {
            session.addRequests(request);
        }
        return Command.newBuilder().setSessionRequests(session);
    }

    private static Request.Builder send(String to, int checksum) {
        return Request.newBuilder()
                .setSendMessage(SendMessage.newBuilder()
                        .setTo(to)
                        .addBodies(ByteString.copyFromUtf8("hello"))
                        .setTtlMs(TTL_MS))
                .addChecksums(checksum);
    }

    /**
     * Applies an entry to both, to the other one as it comes from the log's bytes.
     *
     * @throws IllegalStateException if both refuse to apply it; then neither changed
     */
    public ApplyResult apply(Batch entry) {
        LogPosition position = new LogPosition(1, index);
        StateDigest before = one.view().digest();
        ApplyResult result;
        try {
            result = one.apply(position, entry);
        } catch (IllegalStateException e) {
            assertThat(one.view().digest()).as("unchanged after " + e).isEqualTo(before);
            throw e;
        }
        ApplyResult again = other.apply(position, decode(entry.toByteString()));
        index++;
        assertThat(again.outcomes()).isEqualTo(result.outcomes());
        assertThat(other.view().digest()).isEqualTo(one.view().digest());
        return result;
    }

    /** Time passes and what is due is done, so that everything the entries left behind is read once. */
    public void age(long olderMs) {
        apply(batch().setTimeMs(TIME_MS + olderMs)
                .addCommands(Command.newBuilder()
                        .setTick(Tick.newBuilder()
                                .setHistoryRetentionMs(1)
                                .setIncarnationRetentionMs(1)
                                .setRowsMax(1_000)))
                .build());
    }

    private static Batch decode(ByteString bytes) {
        try {
            return Batch.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("what was written cannot be read", e);
        }
    }

    @Override
    public void close() {
        DATABASES.giveBack();
    }
}
