package io.peerlink.server.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is wrong, by majority. */
final class VerdictTest {
    private static final ByteString A = ByteString.copyFromUtf8("a");
    private static final ByteString B = ByteString.copyFromUtf8("b");
    private static final ByteString C = ByteString.copyFromUtf8("c");

    @Test
    void sameStatesAgree() {
        assertThat(Verdict.of(A, List.of(A, A), 3)).isEqualTo(Verdict.AGREED);
        assertThat(Verdict.of(A, List.of(), 3)).as("nobody answers").isEqualTo(Verdict.AGREED);
        assertThat(Verdict.of(A, List.of(), 1)).isEqualTo(Verdict.AGREED);
    }

    @Test
    void theOneAgainstTwoIsWrong() {
        assertThat(Verdict.of(A, List.of(B, B), 3)).isEqualTo(Verdict.SELF_DIVERGED);
        assertThat(Verdict.of(B, List.of(B, A), 3)).isEqualTo(Verdict.OTHER_DIVERGED);
    }

    @Test
    void oneAgainstOneIsNobodysFault() {
        assertThat(Verdict.of(A, List.of(B), 3)).as("the third does not answer").isEqualTo(Verdict.UNDECIDED);

        assertThat(Verdict.of(A, List.of(A, B, B), 5)).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void withoutAnyMajorityAllStop() {
        assertThat(Verdict.of(A, List.of(B, C), 3)).isEqualTo(Verdict.SELF_DIVERGED);
        assertThat(Verdict.of(A, List.of(B), 2)).isEqualTo(Verdict.SELF_DIVERGED);
    }
}
