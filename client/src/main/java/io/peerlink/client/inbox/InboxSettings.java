package io.peerlink.client.inbox;

import io.peerlink.client.CursorStore;
import io.peerlink.client.ErrorListener;
import io.peerlink.client.encryption.Opener;
import java.util.Optional;

/**
 * What an inbox needs to know.
 *
 * @param peer whose inbox it is
 * @param credit how many deliveries may be on the way or waiting here
 * @param cursorStore remembers what was handled across restarts
 * @param errors who hears of failures
 * @param opener opens sealed messages
 */
public record InboxSettings(
        String peer, int credit, Optional<CursorStore> cursorStore, ErrorListener errors, Opener opener) {}
