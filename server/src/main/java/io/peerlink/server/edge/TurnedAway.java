package io.peerlink.server.edge;

/** Which limit closed a connection. */
public enum TurnedAway {
    /** Its address has as many connections as it may, or as many without a session. */
    TOO_MANY,
    /** Its address makes new ones too fast. */
    TOO_FAST,
    /** It sent frames that carry nothing too fast. */
    CONTROL_FRAMES,
    /** Too much was held of requests that had not arrived whole, and its one had begun first. */
    HALF_REQUESTS
}
