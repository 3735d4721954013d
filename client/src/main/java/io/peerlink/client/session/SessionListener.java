package io.peerlink.client.session;

import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.PeerLinkException;

/** What a session tells the facade. Called on the session thread; must return at once. */
public interface SessionListener {
    /** Something happened to the connection. */
    void onEvent(ConnectionEvent event);

    /** An error that no future carries. */
    void onError(PeerLinkException error);
}
