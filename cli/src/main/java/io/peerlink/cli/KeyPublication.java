package io.peerlink.cli;

import io.peerlink.client.PeerLinkClient;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key for sealed messages of a name that was registered, or has a new identity key. */
public final class KeyPublication {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeyPublication.class);
    private static final Duration CLIENT_GRACE = Duration.ofSeconds(2);

    private KeyPublication() {}

    /**
     * Waits until the key is published, so that others can send end to end encrypted at once. That it is not is a note only: what
     * went before is done all the same, and the next shell publishes.
     *
     * @param limit where the client's own requests end; what the client says then is waited for a little longer
     */
    public static void await(PeerLinkClient client, Duration limit) {
        try {
            client.keyPublished().get(limit.plus(CLIENT_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            note(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } catch (TimeoutException e) {
            note("no answer within " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            note("interrupted");
        }
    }

    /** Says that it is not published yet. */
    public static void note(String why) {
        LOGGER.warn("the key for sealed messages is not published yet: {}", why);
    }
}
