package io.peerlink.server.raft;

import io.peerlink.statemachine.snapshot.Checkpoint;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint that was made beside the apply thread and waits for its name, whether it is enough for those who ask, and how
 * much was applied that no checkpoint holds. {@link #begin} and {@link #offer} belong to one thread, the one that makes it; all
 * else may come from any.
 */
final class PreparedCheckpoint {
    /** Of commands, since the start. */
    private long bytesApplied;
    /** How many of these the newest checkpoint holds at least. */
    private long bytesHeld;

    private long bytesAtBegin;
    /** The highest entry that somebody wants to be held. */
    private long demanded;

    private @Nullable Checkpoint waiting;

    /** Commands of so many bytes were applied. */
    synchronized void applied(long bytes) {
        bytesApplied += bytes;
    }

    /** Bytes of commands that the newest checkpoint may lack. */
    synchronized long bytesSince() {
        return bytesApplied - bytesHeld;
    }

    /** What ends below this entry is not enough any more. */
    synchronized void demand(long index) {
        demanded = Math.max(demanded, index);
    }

    /** One is about to be made at the place of the last one, which is not taken after this. Waits while it is being named. */
    synchronized void begin() {
        waiting = null;
        bytesAtBegin = bytesApplied;
    }

    /** It is complete but for its name. */
    synchronized void offer(Checkpoint made) {
        waiting = made;
    }

    /**
     * Gives the waiting one its name, if it holds more than the newest one and what was demanded; it waits no longer either way.
     *
     * @param newestIndex of the newest finished checkpoint
     * @param finished where they lie
     */
    synchronized Optional<Checkpoint> take(long newestIndex, Path finished) {
        Checkpoint ready = waiting;
        waiting = null;
        if (ready == null || ready.position().index() < Math.max(demanded, newestIndex + 1)) {
            return Optional.empty();
        }
        Checkpoint named = ready.moveTo(finished);
        bytesHeld = Math.max(bytesHeld, bytesAtBegin);
        return Optional.of(named);
    }

    /** A checkpoint of all that is applied was made by the apply thread. */
    synchronized void madeOfAll() {
        bytesHeld = bytesApplied;
    }
}
