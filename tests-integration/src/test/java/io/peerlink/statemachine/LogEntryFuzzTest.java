package io.peerlink.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.integration.fuzz.TwoReplicas;
import io.peerlink.log.v1.Batch;

/**
 * Any bytes as a log entry: they are no entry, or are written as they were read, and both replicas apply them alike or halt
 * alike with nothing changed.
 */
final class LogEntryFuzzTest {
    private static final String HALTS =
            "unknown command|of unknown format|another number of bodies|unknown rule for who may register";
    private static final long YEAR_MS = 366L * 24 * 3600 * 1000;

    @FuzzTest
    void isAppliedAlikeOrNotAtAll(byte[] input) {
        Batch entry;
        try {
            entry = Batch.parseFrom(input);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        try (TwoReplicas replicas = new TwoReplicas()) {
            try {
                assertThat(replicas.apply(entry).outcomes()).hasSize(entry.getCommandsCount());
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageFindingMatch(HALTS);
                return;
            }
            replicas.age(YEAR_MS);
        }
    }
}
