package io.peerlink.statemachine.apply;

import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Outcome.RequestRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects results of consecutive requests; neighbours that differ only by rising sequences become one run. */
final class RequestRuns {
    private final List<RequestRun> runs = new ArrayList<>();
    private @Nullable RequestResult first;
    private long firstSequence;
    private int count;

    /** {@code results} of consecutive requests, of which {@code result} is the first. */
    void add(long sequence, int results, RequestResult result) {
        if (first != null && continues(first, result)) {
            count += results;
            return;
        }
        endRun();
        first = result;
        firstSequence = sequence;
        count = results;
    }

    List<RequestRun> finish() {
        endRun();
        return List.copyOf(runs);
    }

    private void endRun() {
        if (first != null) {
            runs.add(new RequestRun(firstSequence, count, first));
            first = null;
        }
    }

    private boolean continues(RequestResult before, RequestResult result) {
        if (before instanceof RequestResult.Sent a && result instanceof RequestResult.Sent b) {
            return b.firstMessageSequence() == a.firstMessageSequence() + count
                    && b.recipients() == a.recipients()
                    && b.sentAtMs() == a.sentAtMs()
                    && b.conversation().equals(a.conversation());
        }
        return before instanceof RequestResult.Refused && before.equals(result);
    }
}
