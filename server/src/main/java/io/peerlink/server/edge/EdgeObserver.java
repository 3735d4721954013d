package io.peerlink.server.edge;

import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.statemachine.StateView.InboxPage;
import java.util.function.Consumer;

/** Hears what clients ask for and get, once a frame or a run, for whoever counts it. Any thread; must not block. */
public interface EdgeObserver {
    /** Requests arrived. */
    void requested(int requests);

    /** Messages were accepted. */
    void sent(int messages);

    /** Other requests were carried out. */
    void done(int requests);

    /** Requests were refused. */
    void refused(ErrorCode code, int requests);

    /** Requests of which this router cannot tell what becomes of them. */
    void unknown(int requests);

    /** A stream was ended with a refusal. */
    void ended(ErrorCode code);

    /** A stream was ended because its client did not attach in time. */
    void attachTimedOut();

    /** An attach was refused because of a rate. */
    void attachLimited(AttachLimit beyond);

    /** A connection was closed, at once or for what it sent. */
    void turnedAway(TurnedAway why);

    /** A call that only operators may make was let in or refused. */
    void operatorCalled(boolean admitted);

    /** A session subscribed; what comes back hears of each page that is pushed to it, one thread at a time. */
    Consumer<InboxPage> subscribed();
}
