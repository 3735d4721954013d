package io.peerlink.server.http;

/** What is served at one path. Called on an HTTP thread; may take some milliseconds. */
@FunctionalInterface
interface Page {
    Content show();

    /** One answer. */
    record Content(int status, String type, String body) {
        static Content json(int status, String body) {
            return new Content(status, "application/json", body + "\n");
        }
    }
}
