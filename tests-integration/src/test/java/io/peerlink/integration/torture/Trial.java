package io.peerlink.integration.torture;

import io.peerlink.integration.torture.check.Checker;
import io.peerlink.integration.torture.check.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run and the verdict over it.
 *
 * @param plan what was to be done
 * @param verdict what the checker found in the histories
 * @param failure why the run did not get to its end, if it did not
 */
record Trial(RunPlan plan, Verdict verdict, Optional<String> failure) {
    /** Carries out a run and checks what it left. */
    static Trial of(RunPlan plan) {
        delete(plan.directory());
        Optional<String> failure = Optional.empty();
        try {
            Files.createDirectories(plan.directory());
            try (Run run = new Run(plan)) {
                run.perform();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Run.Violated e) {
            // What is checked at the end of a run does not hold for one that was cut short.
            return new Trial(plan, e.verdict(), Optional.of("stopped, since a promise was broken"));
        } catch (RuntimeException e) {
            failure = Optional.of(e.toString());
        }
        return new Trial(plan, Checker.check(plan.directory()), failure);
    }

    /** A run in which nothing happened proves nothing. */
    boolean isVacuous() {
        return verdict.acknowledged() == 0
                || (verdict.faults() == 0 && !plan.faults().isEmpty());
    }

    /** It got to its end, and no promise was broken. */
    boolean isClean() {
        return failure.isEmpty() && verdict.violations().isEmpty();
    }

    /** All promises were kept, in a run that was worth it. */
    boolean isGood() {
        return isClean() && !isVacuous();
    }

    void deleteFiles() {
        delete(plan.directory());
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
