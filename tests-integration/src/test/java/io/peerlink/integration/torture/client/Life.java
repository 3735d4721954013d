package io.peerlink.integration.torture.client;

import io.peerlink.client.AckMode;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ErrorListener;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import io.peerlink.client.SubscribeOptions;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.torture.history.Codes;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import io.peerlink.integration.torture.history.Stamp;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One session of a peer, from attach to close: what it is shown and told goes into the history. */
final class Life implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(60);
    /** Shorter than the default, so that what cannot be settled is known to be unknown before the run ends. */
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

    private static final int CREDIT = 200;

    private final Chronicle chronicle;
    private final int number;
    private final long runId;
    private final DurableCursor cursor;
    private final SlowDown slowDown;
    private final AtomicReference<@Nullable MessageId> lastPresented = new AtomicReference<>();
    private final PeerLinkClient client;
    private boolean over;

    /** How long a slow consumer takes for a message; shared by all peers of the process. */
    static final class SlowDown {
        private volatile long nanos;

        void set(long millis) {
            nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        }

        void suffer() {
            if (nanos > 0) {
                LockSupport.parkNanos(nanos);
            }
        }
    }

    /** What does not change from life to life. */
    record Being(Identity identity, Chronicle chronicle, DurableCursor cursor, SlowDown slowDown) {}

    Life(Being being, ClientSettings settings, int number) {
        this.chronicle = being.chronicle();
        this.number = number;
        this.runId = settings.runId();
        this.cursor = being.cursor();
        this.slowDown = being.slowDown();
        client = PeerLinkClient.builder()
                .servers(settings.servers())
                .identity(being.identity())
                .connectTimeout(CONNECT_LIMIT)
                .requestTimeout(REQUEST_LIMIT)
                .credit(CREDIT)
                .cursorStore(cursor)
                .connectionListener(this::onEvent)
                .errorListener(new Deaf())
                .agent("torture")
                .build();
        client.onReceipt(this::onReceipt);
        // Both ways to confirm, by turns: the order of confirming and of storing the cursor differs.
        AckMode mode = number % 2 == 0 ? AckMode.MANUAL : AckMode.AUTO;
        client.subscribe(new SubscribeOptions(mode, false), this::onMessage);
    }

    PeerLinkClient client() {
        return client;
    }

    int number() {
        return number;
    }

    @Nullable MessageId lastPresented() {
        return lastPresented.get();
    }

    private void onMessage(IncomingMessage message) {
        slowDown.suffer();
        byte[] body = message.body();
        Stamp stamp = Stamp.of(body, runId)
                .filter(found -> Names.peer(found.sender()).equals(message.from()))
                .orElse(new Stamp(Names.UNKNOWN, 0, 0, 0));
        synchronized (this) {
            if (over) {
                // Its peer may be in its next life already, which is shown this message again.
                throw new IllegalStateException("closed meanwhile");
            }
            chronicle.write(chronicle
                    .event(Kind.PRESENT, Op.NONE, number)
                    .code(stamp.life())
                    .other(stamp.sender())
                    .in(Names.conversation(message.conversation()))
                    .place(message.id().sequence())
                    .number(stamp.number())
                    .hash(Stamp.hash(body))
                    .extra(message.inboxSequence()));
            cursor.presented(message.inboxSequence());
        }
        lastPresented.set(message.id());
        chronicle.write(chronicle.event(Kind.ACK, Op.NONE, number).number(message.inboxSequence()));
        message.ack();
    }

    private void onReceipt(Receipt receipt) {
        chronicle.write(chronicle
                .event(Kind.RECEIPT, Op.NONE, number)
                .code(Codes.of(receipt.kind()))
                .other(Names.peerNumber(receipt.peer()))
                .in(Names.conversation(receipt.conversation()))
                .place(receipt.fromSequence())
                .number(receipt.upToSequence()));
    }

    private void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Connecting) {
            chronicle.write(chronicle.event(Kind.CONNECTING, Op.NONE, number));
        } else if (event instanceof ConnectionEvent.Attached attached) {
            var attachment = attached.attachment();
            chronicle.write(chronicle
                    .event(Kind.ATTACHED, Op.NONE, number)
                    .code(attachment.registered() ? 1 : 0)
                    .other(Integer.parseInt(attachment.router().substring(1)))
                    .place(attachment.inbox().cursor())
                    .number(attachment.inbox().head())
                    .extra(attachment.term()));
        }
    }

    /** Ends the session; nothing is presented in it afterwards. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
        }
        client.close();
    }

    /** Handlers fail only because their life is over, and routers fail all the time here: the history tells. */
    private static final class Deaf implements ErrorListener {
        @Override
        public void handlerFailed(IncomingMessage message, Throwable error) {}

        @Override
        public void failed(PeerLinkException error) {}
    }
}
