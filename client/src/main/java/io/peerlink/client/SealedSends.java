package io.peerlink.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.peerlink.client.encryption.EndToEnd;
import io.peerlink.client.encryption.Opener;
import io.peerlink.client.outbox.Outbox;
import io.peerlink.client.outbox.PendingRequest;
import io.peerlink.client.session.Session;
import io.peerlink.protocol.v1.PublishKeys;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Send;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client with end-to-end encryption does beyond the others: seals messages in their place in the outbox, publishes its key
 * once it is attached, shows and accepts keys. Thread-safe.
 */
final class SealedSends {
    private final EndToEnd endToEnd;
    private final Session session;
    private final Outbox outbox;
    private final Callbacks callbacks;
    private final CompletableFuture<Void> published = new CompletableFuture<>();

    SealedSends(EndToEnd endToEnd, Session session, Outbox outbox, Callbacks callbacks) {
        this.endToEnd = endToEnd;
        this.session = session;
        this.outbox = outbox;
        this.callbacks = callbacks;
    }

    Opener opener() {
        return endToEnd.opener();
    }

    /** A request that holds its place until the recipient's key is known and the message is sealed. */
    PendingRequest.Sending sending(OutgoingMessage message, Send.Builder send, boolean direct) {
        return new PendingRequest.Sending(
                send.setContentType(Opener.SEALED).build(),
                message.size() + EndToEnd.OVERHEAD_BYTES,
                session.requestDeadline(),
                direct);
    }

    /** Seals what was put into the outbox. */
    void seal(OutgoingMessage message, PendingRequest.Sending sending) {
        endToEnd.seal(message.to(), message.givenContentType(), UnsafeByteOperations.unsafeWrap(message.sharedBody()))
                .whenComplete((body, failure) -> {
                    if (failure != null) {
                        outbox.drop(sending, unwrapped(failure));
                    } else {
                        provide(sending, body);
                    }
                    session.wake();
                });
    }

    private void provide(PendingRequest.Sending sending, ByteString body) {
        int bodyBytesMax = session.attachment()
                .map(known -> known.limits().bodyBytesMax())
                .filter(limit -> limit > 0)
                .orElse(Integer.MAX_VALUE);
        if (body.size() > bodyBytesMax) {
            outbox.drop(
                    sending,
                    new PeerLinkException(
                            ErrorCode.BODY_TOO_LARGE,
                            "sealed, the body has " + body.size() + " bytes, the limit is " + bodyBytesMax,
                            "Split it, or send where to find it.",
                            false));
        } else {
            sending.provide(body);
        }
    }

    /** Publishes this client's key once it is attached for the first time, unless the routers have it. */
    void publishWhenAttached() {
        session.attached()
                .thenCompose(attached -> endToEnd.unpublished())
                .thenCompose(
                        request -> request.map(this::publish).orElseGet(() -> CompletableFuture.completedFuture(null)))
                .whenComplete((done, failure) -> callbacks.notices().execute(() -> told(failure)));
    }

    private CompletableFuture<Void> publish(PublishKeys request) {
        PendingRequest.Doing<Void> publishing = new PendingRequest.Doing<>(
                Request.newBuilder().setPublishKeys(request).build(), session.requestDeadline(), (peer, at) -> null);
        // Not in the window's queue: nobody's thread may wait for room on account of this.
        outbox.addAfter(publishing, 0);
        session.wake();
        return publishing.future();
    }

    private void told(@Nullable Throwable failure) {
        if (failure == null) {
            published.complete(null);
            return;
        }
        PeerLinkException error = unwrapped(failure);
        if (published.completeExceptionally(error) && session.state() == ConnectionState.ATTACHED) {
            callbacks.errors().failed(error);
        }
    }

    CompletableFuture<Void> published() {
        return published;
    }

    CompletableFuture<PeerKeys> keys(String peer) {
        return onLane(endToEnd.keys(peer));
    }

    CompletableFuture<PeerKeys> accept(String peer, String fingerprint) {
        return onLane(endToEnd.accept(peer, fingerprint));
    }

    private <T> CompletableFuture<T> onLane(CompletableFuture<T> answer) {
        CompletableFuture<T> told = new CompletableFuture<>();
        BiConsumer<T, @Nullable Throwable> tell = (value, failure) -> {
            if (failure == null) {
                told.complete(value);
            } else {
                told.completeExceptionally(unwrapped(failure));
            }
        };
        answer.whenComplete((value, failure) -> callbacks.completions().execute(() -> tell.accept(value, failure)));
        return told;
    }

    private static PeerLinkException unwrapped(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof PeerLinkException known
                ? known
                : new PeerLinkException(ErrorCode.INTERNAL, String.valueOf(cause), "", false, cause);
    }
}
