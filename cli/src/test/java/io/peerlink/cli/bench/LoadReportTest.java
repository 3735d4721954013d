package io.peerlink.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.cli.CliException;
import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Printer;
import io.peerlink.cli.output.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

final class LoadReportTest {
    private static final BenchEnvironment ENVIRONMENT =
            new BenchEnvironment("peerlink 1", 2, "Linux", "17", Optional.of(new SyncLatency(250, 900)));

    @TempDir
    private Path directory = Path.of("");

    private static LoadReport report(Workload.Shape shape, double rate, long micros, long lost) {
        Workload plan = new Workload(shape, 1, 1, 0, 0, 1_000, 100, 0, Duration.ZERO, Duration.ofSeconds(2));
        Histogram histogram = new Histogram(3);
        histogram.recordValue(micros);
        histogram.recordValue(2 * micros);
        List<RouterUse> routers = List.of(new RouterUse("n1", 3_000, OptionalLong.of(400)));
        return new LoadReport(
                plan,
                new LoadBench.Result(
                        rate,
                        histogram,
                        rate,
                        histogram,
                        10,
                        10 - lost,
                        lost,
                        0,
                        0,
                        0,
                        List.of(Math.round(rate), Math.round(rate)),
                        routers),
                ENVIRONMENT);
    }

    private static List<String> printed(LoadReport report, Optional<Figures> earlier) {
        List<String> lines = new ArrayList<>();
        report.print(new Printer(OutputFormat.TABLE, true, new Theme(Ansi.OFF), lines::add), earlier);
        return lines;
    }

    @Test
    void aTableHasRatesLatenciesAndWhatEachRouterUsed() {
        assertThat(printed(report(Workload.Shape.DELIVER, 1_000, 1_500, 0), Optional.empty()))
                .containsExactly(
                        "peerlink 1 on 2 processors, Linux, Java 17, a disk that syncs 4 KiB in 0.25 ms (p50), 0.90 ms (p99);"
                                + " acknowledged means: synced on a majority",
                        "MS UNTIL      A SECOND  P50   P90   P99   P99.9  MAX",
                        "acknowledged  1,000     1.50  3.00  3.00  3.00   3.00",
                        "delivered     1,000     1.50  3.00  3.00  3.00   3.00",
                        "ROUTER  PROCESSORS  MEMORY MB",
                        "n1      1.50        400",
                        "acknowledged 10, delivered 10, lost 0, doubled 0, errors 0, held back 0");
    }

    @Test
    void anEarlierRunIsComparedWith() throws IOException {
        Path file = directory.resolve("earlier");
        Files.writeString(
                file,
                "progress\n"
                        + report(Workload.Shape.SEND, 1_000, 50, 0).figures().json() + "\n");

        List<String> lines = printed(report(Workload.Shape.SEND, 1_500, 25, 0), Optional.of(Figures.read(file)));

        assertThat(lines)
                .contains("rate            1000     1500  1.50", "p50_us          50       25    0.50")
                .noneMatch(line -> line.startsWith("delivered"));
    }

    @Test
    void figuresAreOneObjectOrTwoLines() {
        Figures figures = report(Workload.Shape.SEND, 1_500, 25, 0).figures();
        assertThat(figures.json())
                .startsWith("{")
                .contains("\"rate\":1500", "\"p50_us\":25", "\"p999_us\":50", "\"acknowledged\":10", "\"errors\":0")
                .contains("\"routers\":[{\"id\":\"n1\",\"cpu_ms\":3000,\"rss_mb\":400}]")
                .contains("\"sync_p50_us\":250", "\"fsync\":true", "\"per_second\":[1500,1500]");
        String[] names = figures.csv().get(0).split(",", -1);
        assertThat(figures.csv().get(1).split(",", -1)).hasSameSizeAs(names);
        assertThat(names).contains("rate", "p99_us").doesNotContain("routers");
    }

    @Test
    void whatIsLostIsNotGood() {
        assertThat(report(Workload.Shape.SEND, 1, 1, 0).result().good()).isTrue();
        assertThat(report(Workload.Shape.SEND, 1, 1, 1).result().good()).isFalse();
    }

    @Test
    void saysWhatIsWrongWithAFileToCompareWith() throws IOException {
        Path file = directory.resolve("other");
        Files.writeString(file, "hello\n");
        assertThatThrownBy(() -> Figures.read(file)).isInstanceOf(CliException.class);
        assertThatThrownBy(() -> Figures.read(directory.resolve("none"))).isInstanceOf(CliException.class);
    }

    @Test
    void drawsBothKindsOfPicture() throws IOException {
        LoadReport report = report(Workload.Shape.DELIVER, 1_000, 1_500, 0);
        Path svg = directory.resolve("load.svg");
        new LoadPlot(svg).write(report);
        // Text is drawn as shapes, so that it looks the same everywhere.
        assertThat(Files.readString(svg)).contains("<svg", "height=\"840px\"", "<path");
        Path png = directory.resolve("load.PNG");
        new LoadPlot(png).write(report);
        assertThat(ImageIO.read(png.toFile()).getHeight()).isEqualTo(840);
    }

    @Test
    void refusesAPictureThatCannotBeBeforeAnyLoadIsMade() {
        assertThatThrownBy(() -> new LoadPlot(directory.resolve("load.gif")))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("must end in .svg or .png");
        assertThatThrownBy(() -> new LoadPlot(directory.resolve("none").resolve("load.svg")))
                .isInstanceOf(CliException.class);
    }
}
