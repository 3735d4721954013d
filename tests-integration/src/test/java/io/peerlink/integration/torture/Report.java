package io.peerlink.integration.torture;

import io.peerlink.integration.torture.check.Verdict;
import java.io.PrintStream;

/** Says what a run came to. The last line is the verdict's, always of one form. */
final class Report {
    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void print(Trial trial) {
        trial.failure().ifPresent(why -> out.println("the run did not end well: " + why));
        if (trial.isVacuous()) {
            out.println("nothing was acknowledged, or no fault happened: this run proves nothing");
        }
        if (!trial.isGood()) {
            violations(trial.verdict());
            out.println("data, histories and logs: " + trial.plan().directory());
            out.println("again: " + trial.plan().replayCommand());
        }
        out.println(trial.verdict().line());
    }

    void print(Verdict verdict) {
        violations(verdict);
        out.println(verdict.line());
    }

    private void violations(Verdict verdict) {
        for (Verdict.Violation violation : verdict.violations()) {
            out.printf(
                    "VIOLATED %s, %d times, for example: %s%n",
                    violation.invariant(), violation.count(), violation.example());
        }
    }
}
