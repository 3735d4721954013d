package io.peerlink.cli.bench;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import java.awt.Graphics2D;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A load run drawn: latency over percentiles (as HdrHistogram's plotter shows them), and how many happened in each second. */
final class LoadPlot {
    private static final Set<String> FORMATS = Set.of("svg", "png");
    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;
    private static final int STEPS_PER_HALF = 5;

    private final Path file;
    private final String format;

    /** Refuses a name that ends in neither .svg nor .png, or a directory that does not exist, before any load is made. */
    LoadPlot(Path file) {
        String name = file.toString();
        this.file = file;
        this.format = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        Path directory = file.toAbsolutePath().getParent();
        if (!FORMATS.contains(format)) {
            throw new CliException(ExitCode.USAGE, "USAGE", "--plot " + file + " must end in .svg or .png", "");
        }
        if (directory == null || !Files.isWritable(directory)) {
            throw new CliException(ExitCode.USAGE, "USAGE", "--plot: cannot write in " + directory, "");
        }
        System.setProperty("java.awt.headless", "true");
    }

    void write(LoadReport report) throws IOException {
        IChart both = new Stacked(List.of(latency(report), rate(report)));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            ChartEncoder.saveChart(both, out, format);
        }
    }

    private static XYChart latency(LoadReport report) {
        XYChart chart =
                chart("Latency, bench " + report.plan().shape().name().toLowerCase(Locale.ROOT), "percentile", "ms");
        chart.getStyler().setXAxisLogarithmic(true);
        chart.setCustomXAxisTickLabelsFormatter(LoadPlot::percentile);
        add(chart, "until acknowledged", report.result().acknowledgedMicros());
        if (report.plan().shape().readsAlong()) {
            add(chart, "until delivered", report.result().micros());
        }
        return chart;
    }

    /** The axis shows one in how many is slower, so that each further nine has the same room. */
    private static String percentile(double oneIn) {
        return String.format(Locale.ROOT, "%.6f", 100 - 100 / oneIn).replaceAll("\\.?0+$", "") + " %";
    }

    private static void add(XYChart chart, String name, Histogram micros) {
        List<Double> oneIn = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        for (HistogramIterationValue step : micros.percentiles(STEPS_PER_HALF)) {
            if (step.getPercentileLevelIteratedTo() < 100) {
                oneIn.add(100 / (100 - step.getPercentileLevelIteratedTo()));
                millis.add(step.getValueIteratedTo() / 1e3);
            }
        }
        if (!oneIn.isEmpty()) {
            chart.addSeries(name, oneIn, millis).setMarker(SeriesMarkers.NONE);
        }
    }

    private static XYChart rate(LoadReport report) {
        XYChart chart = chart("In each second", "s", report.plan().shape().readsAlong() ? "deliveries" : "sends");
        List<Long> counts = report.result().perSecond();
        List<Integer> seconds = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            seconds.add(i + 1);
        }
        chart.addSeries("rate", seconds, counts).setMarker(SeriesMarkers.NONE);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLegendVisible(false);
        return chart;
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
        return chart;
    }

    /** Charts of one size below each other. */
    private record Stacked(List<XYChart> charts) implements IChart {
        @Override
        public void paint(Graphics2D graphics, int width, int height) {
            for (XYChart chart : charts) {
                chart.paint(graphics, width, height / charts.size());
                graphics.translate(0, height / charts.size());
            }
        }

        @Override
        public int getWidth() {
            return WIDTH;
        }

        @Override
        public int getHeight() {
            return HEIGHT * charts.size();
        }

        @Override
        public String getTitle() {
            return charts.get(0).getTitle();
        }
    }
}
