package io.peerlink.statemachine.state;

import io.peerlink.state.v1.DueRecord;
import io.peerlink.state.v1.DueRun;
import io.peerlink.statemachine.store.Row;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Work for ticks, as the entry being applied sees and changes it. What an entry leaves to be done about messages at one time is
 * one row, however many conversations it is about: alone, each message of an entry with many senders would cost two. Apply
 * thread only.
 */
public final class DueWork {
    /** Within a row. */
    private static final Comparator<DueRun> ORDER =
            Comparator.comparing(DueRun::getConversation).thenComparingLong(DueRun::getFirstSequence);

    private final Transaction transaction;
    private final DueProgress progress;
    private final EntryState.Entry entry;
    private final TreeMap<Slot, List<DueRun>> gathered = new TreeMap<>();
    private @Nullable OpenGroup open;
    private boolean hasStored;

    DueWork(Transaction transaction, DueProgress progress, EntryState.Entry entry) {
        this.transaction = transaction;
        this.progress = progress;
        this.entry = entry;
    }

    /** What one row may hold. */
    private record Slot(Due.Type type, long timeMs) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int types = type.compareTo(other.type);
            return types != 0 ? types : Long.compare(timeMs, other.timeMs);
        }
    }

    /** A row whose work is being done, piece by piece. */
    private static final class OpenGroup {
        private final Due key;
        private final DueRecord record;
        private int done;

        private OpenGroup(Due key, DueRecord record) {
            this.key = key;
            this.record = record;
        }

        private boolean isDone() {
            return done == record.getRunsCount();
        }

        private Due first() {
            DueRun run = record.getRuns(done);
            return new Due(key.type(), key.timeMs(), run.getConversation(), run.getFirstSequence());
        }
    }

    public void put(Due due) {
        if (due.type() == Due.Type.INCARNATION) {
            // Its key must be known to who moves it.
            putRow(due, DueRecord.getDefaultInstance());
        } else {
            gathered.computeIfAbsent(new Slot(due.type(), due.timeMs()), any -> new ArrayList<>())
                    .add(DueRun.newBuilder()
                            .setConversation(due.name())
                            .setFirstSequence(due.number())
                            .build());
        }
    }

    /** Work that is done, or no longer to be done: what {@link #next} gave, or of an incarnation. */
    public void delete(Due due) {
        if (open != null && !open.isDone() && open.first().equals(due)) {
            open.done++;
        } else {
            transaction.delete(Tables.DUE, due.key());
        }
    }

    /** The first work of this type with a time up to {@code timeMs}, or null. */
    public @Nullable Due next(Due.Type type, long timeMs) {
        if (open != null && open.key.type() == type && !open.isDone()) {
            return open.first();
        }
        store();
        byte[] start = progress.start(type);
        byte[] end = Due.endKey(type, timeMs);
        if (timeMs < 0 || Arrays.compareUnsigned(start, end) >= 0) {
            return null;
        }
        Row<DueRecord> row = transaction.ceiling(Tables.DUE, start, end);
        progress.setStart(type, row == null ? end : row.key());
        if (row == null) {
            return null;
        }
        Due due = Due.at(type, row.key());
        if (!due.isGroup()) {
            return due;
        }
        open = new OpenGroup(due, row.value());
        return open.first();
    }

    /** Makes rows of what was put, and of what is left of the row that work was taken from. */
    void store() {
        closeGroup();
        gathered.forEach(this::store);
        hasStored |= !gathered.isEmpty();
        gathered.clear();
    }

    private void store(Slot slot, List<DueRun> runs) {
        if (!entry.isOf(5)) {
            runs.forEach(run -> putRow(
                    new Due(slot.type, slot.timeMs, run.getConversation(), run.getFirstSequence()),
                    DueRecord.getDefaultInstance()));
            return;
        }
        Due group = Due.group(slot.type, slot.timeMs, entry.position().index());
        // Only if a tick of this very entry wanted to see what came before it.
        DueRecord before = hasStored ? transaction.get(Tables.DUE, group.key()) : null;
        if (before != null) {
            runs.addAll(before.getRunsList());
        }
        runs.sort(ORDER);
        putRow(group, DueRecord.newBuilder().addAllRuns(runs).build());
    }

    private void closeGroup() {
        OpenGroup group = open;
        open = null;
        if (group == null || group.done == 0) {
            return;
        }
        if (group.isDone()) {
            transaction.delete(Tables.DUE, group.key.key());
        } else {
            DueRecord rest = DueRecord.newBuilder()
                    .addAllRuns(group.record.getRunsList().subList(group.done, group.record.getRunsCount()))
                    .build();
            transaction.put(Tables.DUE, group.key.key(), rest);
        }
    }

    private void putRow(Due due, DueRecord record) {
        byte[] key = due.key();
        transaction.put(Tables.DUE, key, record);
        progress.lowerTo(due.type(), key);
    }
}
