package io.peerlink.integration.torture.client;

import io.peerlink.client.AckMode;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.SubscribeOptions;
import io.peerlink.client.identity.Identity;
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

    private final Witness witness;
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
        this.witness = new Witness(being.chronicle(), settings.runId(), number);
        this.cursor = being.cursor();
        this.slowDown = being.slowDown();
        client = PeerLinkClient.builder()
                .servers(settings.servers())
                .identity(being.identity())
                .connectTimeout(CONNECT_LIMIT)
                .requestTimeout(REQUEST_LIMIT)
                .credit(CREDIT)
                .cursorStore(cursor)
                .connectionListener(witness::onEvent)
                .errorListener(witness)
                .agent("torture")
                .build();
        client.onReceipt(witness::onReceipt);
        // Both ways to confirm, by turns: the order of confirming and of storing the cursor differs.
        AckMode mode = number % 2 == 0 ? AckMode.MANUAL : AckMode.AUTO;
        client.subscribe(new SubscribeOptions(mode, false), this::onMessage);
    }

    PeerLinkClient client() {
        return client;
    }

    Witness witness() {
        return witness;
    }

    @Nullable MessageId lastPresented() {
        return lastPresented.get();
    }

    private void onMessage(IncomingMessage message) {
        slowDown.suffer();
        synchronized (this) {
            if (over) {
                // Its peer may be in its next life already, which is shown this message again.
                throw new IllegalStateException("closed meanwhile");
            }
            witness.presented(message);
            cursor.presented(message.inboxSequence());
        }
        lastPresented.set(message.id());
        witness.confirm(message);
    }

    /** Ends the session; nothing is presented in it afterwards. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
        }
        client.close();
    }
}
