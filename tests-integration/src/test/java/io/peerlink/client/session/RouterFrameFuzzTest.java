package io.peerlink.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.peerlink.client.ErrorListener;
import io.peerlink.client.GroupChange;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.OverflowPolicy;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.ReadMark;
import io.peerlink.client.SubscribeOptions;
import io.peerlink.client.callback.SerialLane;
import io.peerlink.client.encryption.Opener;
import io.peerlink.client.inbox.Inbox;
import io.peerlink.client.inbox.InboxHost;
import io.peerlink.client.inbox.InboxSettings;
import io.peerlink.client.inbox.ReceiptBook;
import io.peerlink.client.outbox.Outbox;
import io.peerlink.client.outbox.PendingRequest;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.Send;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;

/**
 * What a router may write on the stream of an attached client, several frames one after another, each preceded by its length:
 * the client never fails, shows messages in the order of the inbox, and every request that left the outbox has its outcome.
 */
final class RouterFrameFuzzTest {
    private static final int CREDIT = 8;
    private static final long FAR_NANOS = 1_000_000_000_000L;
    private static final ManagedChannel NOWHERE =
            ManagedChannelBuilder.forTarget("127.0.0.1:1").usePlaintext().build();

    private final ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
    private final SerialLane lane = new SerialLane(Runnable::run);
    private final List<CompletableFuture<?>> futures = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private long shown;
    private boolean lost;

    @AfterEach
    void stopThread() {
        threads.shutdownNow();
    }

    @FuzzTest
    void neverHarmsTheClient(byte[] input) throws IOException {
        shown = 0;
        lost = false;
        futures.clear();
        failures.clear();
        Outbox outbox = outbox();
        LiveStream stream = stream(outbox);
        ByteArrayInputStream in = new ByteArrayInputStream(input);
        while (in.available() > 0 && !lost) {
            RouterFrame frame;
            try {
                frame = RouterFrame.parseDelimitedFrom(in);
            } catch (InvalidProtocolBufferException e) {
                break;
            }
            assertThat(RouterFrame.parseFrom(frame.toByteArray())).isEqualTo(frame);
            stream.onFrame(stream.connection(), frame);
        }
        assertThat(failures).as("what the program's handlers threw").isEmpty();
        assertThat(futures.stream().filter(CompletableFuture::isDone)).hasSize(futures.size() - outbox.unsettled());
        for (CompletableFuture<?> future : futures) {
            if (future.isCompletedExceptionally()) {
                assertThat(future.handle((done, failed) -> failed).join()).isInstanceOf(PeerLinkException.class);
            }
        }
    }

    /** Three messages and another request on the stream. */
    private Outbox outbox() {
        Outbox outbox = new Outbox(100, Long.MAX_VALUE, OverflowPolicy.FAIL, lane);
        long deadline = System.nanoTime() + FAR_NANOS;
        for (int i = 0; i < 3; i++) {
            PendingRequest.Sending sending = new PendingRequest.Sending(
                    Send.newBuilder().setTo("bob").build(), ByteString.copyFromUtf8("x"), deadline, i == 0);
            futures.add(sending.future());
            outbox.add(sending);
        }
        PendingRequest.Doing<GroupChange> doing =
                new PendingRequest.Doing<>(Request.getDefaultInstance(), deadline, GroupChange::new);
        futures.add(doing.future());
        outbox.add(doing);
        assertThat(outbox.nextFrame(100)).isPresent();
        return outbox;
    }

    private LiveStream stream(Outbox outbox) {
        ReceiptBook receipts = new ReceiptBook();
        receipts.addListener(receipt -> assertThat(receipt.toString()).isNotEmpty());
        Inbox inbox = new Inbox(
                new InboxSettings("alice", CREDIT, Optional.empty(), new Failures(), Opener.none()),
                lane,
                new NoHost(),
                receipts);
        inbox.subscribe(SubscribeOptions.auto(), this::show);
        Connection connection = new Connection(
                "127.0.0.1:1",
                new SessionThread(threads),
                new NoEvents(),
                new Platform(System::nanoTime, InstantSource.system(), name -> threads, address -> NOWHERE, () -> 0.5));
        return new LiveStream(
                connection,
                "fuzz",
                Attached.newBuilder().setUnsettledRequestsMax(100).build(),
                new LiveStream.Parts(outbox, inbox, new Owner(), System::nanoTime),
                FAR_NANOS);
    }

    private void show(IncomingMessage message) {
        assertThat(message.inboxSequence()).isGreaterThan(shown);
        shown = message.inboxSequence();
        assertThat(message.id().conversation()).isEqualTo(message.conversation());
        assertThat(message + message.text() + message.contentType() + message.group() + message.sentAt())
                .isNotEmpty();
    }

    private final class Failures implements ErrorListener {
        @Override
        public void handlerFailed(IncomingMessage message, Throwable error) {
            failures.add(error);
        }

        @Override
        public void failed(PeerLinkException error) {
            failures.add(error);
        }
    }

    private static final class NoHost implements InboxHost {
        @Override
        public void wake() {}

        @Override
        public void after(Duration delay, Runnable task) {}

        @Override
        public CompletableFuture<ReadMark> markRead(String conversation, long upToSequence, long inboxSequence) {
            throw new AssertionError("nobody marks");
        }
    }

    private static final class NoEvents implements Connection.Events {
        @Override
        public void onFrame(Connection connection, RouterFrame frame) {}

        @Override
        public void onReady(Connection connection) {}

        @Override
        public void onEnd(Connection connection, PeerLinkException why) {}
    }

    private final class Owner implements LiveStream.Owner {
        @Override
        public void onLost(LiveStream stream, PeerLinkException why, String leaderAddress) {
            lost = true;
        }

        @Override
        public void onProgress() {}

        @Override
        public void onDoubt(LiveStream stream, boolean doubtful) {}

        @Override
        public void onRouterError(PeerLinkException error) {
            assertThat(error.code()).isNotNull();
        }

        @Override
        public void comeBack(long nanos) {}
    }
}
