package io.peerlink.statemachine.state;

import com.google.protobuf.ByteString;
import io.peerlink.state.v1.MessageRun;
import io.peerlink.state.v1.StoredSpan;
import io.peerlink.statemachine.LogPosition;
import java.util.Arrays;
import java.util.List;

/** A row of messages with the places at which its spans end, so that any message is found in log n. Immutable. */
public final class StoredRun {
    private final MessageRun row;
    /** Exclusive. */
    private final int[] ends;

    public StoredRun(MessageRun row) {
        this.row = row;
        this.ends = new int[row.getSpansCount()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += row.getSpans(i).getBodiesCount();
            ends[i] = end;
        }
    }

    /** How many messages a row holds. */
    static int length(MessageRun row) {
        int length = 0;
        for (StoredSpan span : row.getSpansList()) {
            length += span.getBodiesCount();
        }
        return length;
    }

    /** How many messages it holds. */
    public int length() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    public long sentAtMs() {
        return row.getSentAtMs();
    }

    /** Of the log entry that brought it; {@code NONE} if that was not noted. */
    public LogPosition position() {
        return row.getTerm() == 0 ? LogPosition.NONE : new LogPosition(row.getTerm(), row.getIndex());
    }

    /** Bytes as stored. */
    public int storedBytes() {
        return row.getSerializedSize();
    }

    /** Who sent the message at a place, from 0. */
    public String sender(int place) {
        return row.getSenders(row.getSpans(spanAt(place)).getSender());
    }

    public long expiresAtMs(int place) {
        return row.getSpans(spanAt(place)).getExpiresAtMs();
    }

    public String contentType(int place) {
        return row.getSpans(spanAt(place)).getContentType();
    }

    /** The bodies from a place on, of messages that are alike but for them: as far as that goes. At least one. */
    public List<ByteString> bodiesFrom(int place) {
        int index = spanAt(place);
        List<ByteString> bodies = row.getSpans(index).getBodiesList();
        return bodies.subList(place - (ends[index] - bodies.size()), bodies.size());
    }

    private int spanAt(int place) {
        int found = Arrays.binarySearch(ends, place + 1);
        return found >= 0 ? found : -found - 1;
    }
}
