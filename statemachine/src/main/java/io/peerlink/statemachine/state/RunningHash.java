package io.peerlink.statemachine.state;

import com.google.protobuf.ByteString;
import io.peerlink.statemachine.Effect;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.store.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The hash chain over everything ever applied: two routers that changed any row differently have different hashes from there
 * on. It is stored with the applied position, so a restart or a checkpoint carries it on. Remembers the last
 * {@value #RECENT_MAX} hashes, and those that were compared last. Written by the apply thread, read by any.
 */
public final class RunningHash {
    private static final int RECENT_MAX = 2_048;
    private static final int COMPARED_MAX = 16;

    private final Map<Long, ByteString> recent = new Recent(RECENT_MAX);
    private final Map<Long, ByteString> compared = new Recent(COMPARED_MAX);
    private final List<Effect> comparisons = new ArrayList<>();
    private ByteString newest = ByteString.EMPTY;

    /** The newest entries only. */
    private static final class Recent extends LinkedHashMap<Long, ByteString> {
        private static final long serialVersionUID = 1;
        private final int max;

        Recent(int max) {
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ByteString> eldest) {
            return size() > max;
        }
    }

    /** Goes on from a stored state. */
    public synchronized void restore(LogPosition position, ByteString chain) {
        newest = chain;
        recent.put(position.index(), chain);
    }

    /** The hash after an entry that is still remembered. */
    public synchronized Optional<ByteString> at(long index) {
        ByteString known = recent.get(index);
        return Optional.ofNullable(known != null ? known : compared.get(index));
    }

    synchronized ByteString extend(LogPosition position, byte[] changes) {
        MessageDigest sha256 = Sha256.begin();
        sha256.update(newest.asReadOnlyByteBuffer());
        sha256.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(position.term())
                .putLong(position.index())
                .flip());
        sha256.update(changes);
        newest = ByteString.copyFrom(sha256.digest());
        recent.put(position.index(), newest);
        return newest;
    }

    /** Compares with the leader's; the answer is one of the entry's effects. */
    public synchronized void compare(long index, ByteString leader) {
        Optional<ByteString> own = at(index);
        own.ifPresent(chain -> compared.put(index, chain));
        comparisons.add(new Effect.StateCompared(index, leader, own));
    }

    synchronized List<Effect> takeComparisons() {
        List<Effect> taken = List.copyOf(comparisons);
        comparisons.clear();
        return taken;
    }
}
