package io.peerlink.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.cli.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadReportTest {
    @TempDir
    private Path directory = Path.of("");

    private static LoadReport report(double rate, long micros, long lost) {
        Workload plan = new Workload(Workload.Shape.SEND, 1, 1, 0, 1_000, 100, 0, Duration.ZERO, Duration.ofSeconds(2));
        Histogram histogram = new Histogram(3);
        histogram.recordValue(micros);
        return LoadReport.of(
                plan, new LoadBench.Result(rate, histogram, rate, histogram, 10, 10 - lost, lost, 0, 0, 0, List.of()));
    }

    private static String printed(LoadReport report, boolean csv, Optional<LoadReport> earlier) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            report.print(true, csv, earlier);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLastLineIsWhatCompareReads() throws IOException {
        Path file = directory.resolve("earlier");
        Files.writeString(file, printed(report(1_000, 50, 0), false, Optional.empty()));

        String now = printed(report(1_500, 25, 0), false, Optional.of(LoadReport.read(file)));

        assertThat(now).contains("rate: 1,000 -> 1,500, 1.50 of it", "p99_us: 50 -> 25, 0.50 of it");
        assertThat(now.lines().toList().get(now.lines().toList().size() - 1))
                .contains("\"rate\":1500", "\"p50_us\":25", "\"p999_us\":25", "\"acknowledged\":10", "\"errors\":0");
    }

    @Test
    void asManyFiguresAsNames() {
        List<String> lines =
                printed(report(1, 1, 0), true, Optional.empty()).lines().toList();
        String[] names = lines.get(lines.size() - 3).split(",", -1);
        assertThat(lines.get(lines.size() - 2).split(",", -1)).hasSameSizeAs(names);
        assertThat(names).contains("rate", "p99_us");
    }

    @Test
    void whatIsLostIsNotGood() {
        assertThat(report(1, 1, 0).good()).isTrue();
        assertThat(report(1, 1, 1).good()).isFalse();
    }

    @Test
    void saysWhatIsWrongWithAFileToCompareWith() throws IOException {
        Path file = directory.resolve("other");
        Files.writeString(file, "hello\n");
        assertThatThrownBy(() -> LoadReport.read(file)).isInstanceOf(CliException.class);
        assertThatThrownBy(() -> LoadReport.read(directory.resolve("none"))).isInstanceOf(CliException.class);
    }
}
