package io.peerlink.statemachine.state;

import io.peerlink.state.v1.OutcomeRecord;
import io.peerlink.state.v1.OutcomeSpan;
import io.peerlink.state.v1.SentSpan;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;

/** Turns request results into stored spans, where like results share one, and back. Stateless. */
final class OutcomeSpans {
    private OutcomeSpans() {}

    static OutcomeSpan.Builder start(long sequence, long clockMs, RequestResult result) {
        OutcomeSpan.Builder span = OutcomeSpan.newBuilder().setFirstSequence(sequence);
        if (result instanceof RequestResult.Sent sent) {
            return span.setAtMs(sent.sentAtMs())
                    .setSent(SentSpan.newBuilder()
                            .setConversation(sent.conversation())
                            .setFirstMessageSequence(sent.firstMessageSequence())
                            .setRecipients(sent.recipients()));
        }
        if (result instanceof RequestResult.Done done) {
            return span.setAtMs(done.atMs()).setDone(done.subject());
        }
        return span.setAtMs(clockMs)
                .setRejection(((RequestResult.Refused) result).rejection().number());
    }

    static boolean extend(OutcomeSpan.Builder span, RequestResult result) {
        if (result instanceof RequestResult.Sent sent) {
            if (!span.hasSent()) {
                return false;
            }
            SentSpan before = span.getSent();
            return sent.firstMessageSequence() == before.getFirstMessageSequence() + span.getCount()
                    && sent.recipients() == before.getRecipients()
                    && sent.sentAtMs() == span.getAtMs()
                    && sent.conversation().equals(before.getConversation());
        }
        return result instanceof RequestResult.Refused refused
                && span.hasRejection()
                && span.getRejection() == refused.rejection().number();
    }

    /**
     * Without the spans that lie wholly below {@code sequence}, and their checksums.
     *
     * @param first the sequence of the first outcome
     */
    static OutcomeRecord from(long sequence, OutcomeRecord outcomes, long first) {
        int spans = 0;
        long next = first;
        while (spans < outcomes.getSpansCount()
                && next + outcomes.getSpans(spans).getCount() <= sequence) {
            next += outcomes.getSpans(spans).getCount();
            spans++;
        }
        if (spans == 0) {
            return outcomes;
        }
        return OutcomeRecord.newBuilder()
                .addAllSpans(outcomes.getSpansList().subList(spans, outcomes.getSpansCount()))
                .addAllChecksums(
                        outcomes.getChecksumsList().subList((int) (next - first), outcomes.getChecksumsCount()))
                .build();
    }

    static RequestResult resultAt(OutcomeRecord outcomes, long sequence) {
        for (OutcomeSpan span : outcomes.getSpansList()) {
            long offset = sequence - span.getFirstSequence();
            if (offset < span.getCount()) {
                return result(span, offset);
            }
        }
        throw new IllegalStateException("outcome row without span for " + sequence);
    }

    private static RequestResult result(OutcomeSpan span, long offset) {
        return switch (span.getResultCase()) {
            case SENT ->
                new RequestResult.Sent(
                        span.getSent().getConversation(),
                        span.getSent().getFirstMessageSequence() + offset,
                        span.getAtMs(),
                        span.getSent().getRecipients());
            case DONE -> new RequestResult.Done(span.getDone(), span.getAtMs());
            case REJECTION ->
                new RequestResult.Refused(Rejection.of(span.getRejection())
                        .orElseThrow(() -> new IllegalStateException("unknown rejection " + span.getRejection())));
            case RESULT_NOT_SET -> throw new IllegalStateException("outcome span without result");
        };
    }
}
