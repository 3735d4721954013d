package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one router said on {@code /metrics}.
 *
 * @param series values by name and labels, as they stand there
 */
record Scrape(Map<String, Double> series) {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static Scrape of(LocalRouter router) {
        HttpResponse<String> answer = get(router, "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Double> series = new TreeMap<>();
        answer.body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int end = line.lastIndexOf(' ');
            series.put(line.substring(0, end), Double.parseDouble(line.substring(end + 1)));
        });
        return new Scrape(series);
    }

    static HttpResponse<String> get(LocalRouter router, String path) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://" + router.httpAddress() + path))
                            .timeout(LIMIT)
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The sum over all labels; 0 if there is none of that name. */
    double sum(String name) {
        return series.entrySet().stream()
                .filter(each -> nameOf(each.getKey()).equals(name))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    double value(String nameAndLabels) {
        return series.getOrDefault(nameAndLabels, Double.NaN);
    }

    Set<String> names() {
        return series.keySet().stream().map(Scrape::nameOf).collect(Collectors.toSet());
    }

    private static String nameOf(String series) {
        int labels = series.indexOf('{');
        return labels < 0 ? series : series.substring(0, labels);
    }
}
