package io.peerlink.client.encryption;

import com.google.protobuf.ByteString;
import io.peerlink.client.Encryption;
import io.peerlink.protocol.v1.Messages;

/** Opens what comes in. Thread-safe. */
public interface Opener {
    /** The content type of a sealed message. */
    String SEALED = "application/peerlink-e2ee";

    /** Where a message comes from. */
    enum Source {
        /** The inbox. */
        DELIVERY,
        /** A question for what was sent earlier. */
        HISTORY
    }

    /** The content of message number {@code place} of the run, whatever can be said of it. */
    Opened open(Messages run, int place, Source source);

    /** Of a client that opens nothing. */
    static Opener none() {
        return (run, place, source) -> unopened(run, place, Encryption.NOT_OPENED);
    }

    /** The bytes as they came: plain text, or sealed and not to be opened for this reason. */
    static Opened unopened(Messages run, int place, Encryption why) {
        ByteString body = run.getBodies(place);
        boolean sealed = run.getContentType().equals(SEALED);
        return new Opened(sealed ? why : Encryption.NONE, run.getContentType(), body, false);
    }
}
