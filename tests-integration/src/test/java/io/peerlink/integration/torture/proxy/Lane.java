package io.peerlink.integration.torture.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;

/** One direction of a connection: bytes that were read and may have to wait before they are written. Keeps their order. */
final class Lane {
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int WAITING_BYTES_MAX = 512 * 1024;

    private final SocketChannel source;
    private final SocketChannel target;
    private final Troubles.Direction direction;
    private final Troubles troubles;
    private final ArrayDeque<Chunk> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long lastDue;
    private long holdNanos;
    private long passedBytes;
    private long lostBytes;
    /** The source sends no more. */
    private boolean ended;
    /** What the source sends gets nowhere. */
    private boolean cut;
    /** The target was told that no more comes, or never will be. */
    private boolean finished;

    /** Bytes, and when they may go on. */
    private record Chunk(ByteBuffer bytes, long due, boolean late) {}

    Lane(SocketChannel source, SocketChannel target, Troubles.Direction direction, Troubles troubles) {
        this.source = source;
        this.target = target;
        this.direction = direction;
        this.troubles = troubles;
    }

    /** The first bytes wait for so long. */
    void holdBack(long nanos) {
        holdNanos = nanos;
    }

    boolean wantsToRead() {
        return !ended && waitingBytes < WAITING_BYTES_MAX;
    }

    /** Whether something is due that the target had no room for. */
    boolean wantsToWrite(long now) {
        Chunk next = waiting.peek();
        return next != null && next.due() - now <= 0;
    }

    /** When the next bytes are due; {@code otherwise} if none wait for their time. */
    long nextDue(long now, long otherwise) {
        Chunk next = waiting.peek();
        return next == null || next.due() - now <= 0 ? otherwise : Math.min(otherwise, next.due());
    }

    void read(long now) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
        int count = source.read(bytes);
        if (count < 0) {
            ended = true;
        } else if (cut) {
            lostBytes += count;
        } else if (count > 0) {
            long wait = troubles.delayNanos(direction) + holdNanos;
            holdNanos = 0;
            lastDue = Math.max(lastDue, now + wait);
            waiting.add(new Chunk(bytes.flip(), lastDue, wait > 0));
            waitingBytes += count;
        }
    }

    /** Writes what is due; returns whether these were the first bytes of all. */
    boolean write(long now) throws IOException {
        long before = passedBytes;
        while (wantsToWrite(now)) {
            Chunk chunk = waiting.element();
            int count = target.write(chunk.bytes());
            passedBytes += count;
            waitingBytes -= count;
            if (chunk.bytes().hasRemaining()) {
                break;
            }
            waiting.remove();
            if (chunk.late()) {
                troubles.passedLate();
            }
        }
        if (ended && waiting.isEmpty() && !finished) {
            finished = true;
            if (!cut) {
                target.shutdownOutput();
            }
        }
        return before == 0 && passedBytes > 0;
    }

    /** The target sees the end; what the source sends from now on, and what was on its way, is lost. */
    void halfClose() throws IOException {
        silence();
        finished = true;
        target.shutdownOutput();
    }

    /** The target sees nothing any more, not even an end. */
    void silence() {
        cut = true;
        waiting.clear();
        waitingBytes = 0;
    }

    boolean isCut() {
        return cut;
    }

    boolean isFinished() {
        return finished;
    }

    /** Bytes went this way, and more may come. */
    boolean isAlive() {
        return passedBytes > 0 && !ended && !cut && !finished;
    }

    long passedBytes() {
        return passedBytes;
    }

    long lostBytes() {
        return lostBytes;
    }
}
