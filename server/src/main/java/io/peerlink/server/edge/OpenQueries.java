package io.peerlink.server.edge;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Queries that are not over: they wait, or their answer has not left, which is up to the client. So many of one peer, and of the
 * answers so many bytes: a peer may have less of them than is free, as with what waits for the log ({@code FairQueue}). One that
 * takes no answers gets half, n get a share each and leave one for the others. Any thread.
 */
final class OpenQueries {
    /** As many as one connection may have by default. */
    static final int PER_PEER_MAX = 100;

    static final long ANSWER_BYTES_MAX = 64L << 20;

    private final Map<String, Peer> byPeer = new HashMap<>();
    private long bytes;

    /** What one peer has. */
    private static final class Peer {
        private int queries;
        private long bytes;
    }

    /** One query, until it is {@link #over}. */
    final class Query {
        private final String name;
        private long answerBytes;
        private boolean over;

        private Query(String name) {
            this.name = name;
        }

        /** Whether there is room for an answer. It may go beyond. */
        boolean hasRoom() {
            synchronized (OpenQueries.this) {
                Peer peer = byPeer.get(name);
                return peer == null || peer.bytes < ANSWER_BYTES_MAX - bytes;
            }
        }

        /** Its answer is about to be sent. */
        void answered(long size) {
            synchronized (OpenQueries.this) {
                Peer peer = byPeer.get(name);
                if (!over && peer != null) {
                    answerBytes = size;
                    peer.bytes += size;
                    bytes += size;
                }
            }
        }

        /** The client has its answer, or wants none. Idempotent. */
        void over() {
            synchronized (OpenQueries.this) {
                Peer peer = byPeer.get(name);
                if (over || peer == null) {
                    return;
                }
                over = true;
                bytes -= answerBytes;
                peer.bytes -= answerBytes;
                peer.queries--;
                if (peer.queries == 0) {
                    byPeer.remove(name);
                }
            }
        }
    }

    /** A query of this peer; empty if it has as many as it may. */
    synchronized Optional<Query> begin(String peer) {
        Peer of = byPeer.computeIfAbsent(peer, name -> new Peer());
        if (of.queries >= PER_PEER_MAX) {
            return Optional.empty();
        }
        of.queries++;
        return Optional.of(new Query(peer));
    }
}
