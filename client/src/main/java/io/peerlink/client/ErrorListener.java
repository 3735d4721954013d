package io.peerlink.client;

/** Hears errors that no future can carry. Called on the callback executor. */
public interface ErrorListener {
    /** The handler threw; the message will be given to it again. */
    void handlerFailed(IncomingMessage message, Throwable error);

    /** Anything else: a receipt listener that threw, a cursor that could not be stored, an error frame of the router. */
    void failed(PeerLinkException error);
}
