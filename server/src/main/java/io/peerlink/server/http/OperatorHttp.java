package io.peerlink.server.http;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.peerlink.server.health.Readiness;
import io.peerlink.server.http.Page.Content;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /metrics}, {@code /healthz} and {@code /readyz} over plain HTTP, for whoever can reach the port: nothing here changes
 * anything or tells names of peers. It is the JDK's own server, which costs no memory to speak of.
 *
 * <p>Bounds: {@value #CONNECTIONS_MAX} connections, as many daemon threads (there are none while nobody asks), {@value
 * #WAITING_MAX} waiting calls (more are cut off), {@value #REQUEST_SECONDS_MAX} s for a request to arrive and {@value
 * #ANSWER_SECONDS_MAX} s for its answer to be read.
 */
public final class OperatorHttp implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OperatorHttp.class);
    private static final int WAITING_MAX = 32;
    private static final int CONNECTIONS_MAX = 64;
    /** Small, since a request that does not arrive holds a thread and one of the connections. */
    private static final int REQUEST_SECONDS_MAX = 3;

    private static final int ANSWER_SECONDS_MAX = 10;
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final Gson GSON = new Gson();

    static {
        // The JDK's server takes its limits from here only, once, when it is first used.
        System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(REQUEST_SECONDS_MAX));
        System.setProperty("sun.net.httpserver.maxRspTime", String.valueOf(ANSWER_SECONDS_MAX));
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("jdk.httpserver.maxConnections", String.valueOf(CONNECTIONS_MAX));
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Map<String, Page> pages;

    /** That the process lives. */
    private record Alive(String router, boolean alive) {}

    /** Why a call was not served. */
    private record Refusal(String code, String message, String hint) {}

    /**
     * Binds the port and serves.
     *
     * @param routerId who answers
     * @param metrics in Prometheus' text format
     * @throws IOException if the port cannot be bound
     */
    public OperatorHttp(String routerId, InetSocketAddress address, Readiness readiness, Supplier<String> metrics)
            throws IOException {
        this.pages = Map.of(
                "/metrics", () -> new Content(HttpURLConnection.HTTP_OK, PROMETHEUS_TEXT, metrics.get()),
                "/healthz", () -> Content.json(HttpURLConnection.HTTP_OK, GSON.toJson(new Alive(routerId, true))),
                "/readyz", () -> readiness(readiness.look()));
        try {
            this.server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("http: cannot listen on " + address + ": " + e.getMessage(), e);
        }
        this.threads = new ThreadPoolExecutor(
                CONNECTIONS_MAX,
                CONNECTIONS_MAX,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(WAITING_MAX),
                OperatorHttp::daemon);
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        LOGGER.info("serves /metrics, /healthz and /readyz on {}", server.getAddress());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "http");
        thread.setDaemon(true);
        return thread;
    }

    private static Content readiness(Readiness.Report report) {
        return Content.json(
                report.ready() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE, GSON.toJson(report));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Content content;
            try {
                content = content(exchange);
            } catch (RuntimeException e) {
                LOGGER.warn("{} cannot be served", exchange.getRequestURI().getPath(), e);
                content = refusal(
                        HttpURLConnection.HTTP_INTERNAL_ERROR,
                        new Refusal("INTERNAL", "the router failed", "its log tells more"));
            }
            send(exchange, content);
        }
    }

    private Content content(HttpExchange exchange) {
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return refusal(
                    HttpURLConnection.HTTP_NOT_FOUND,
                    new Refusal("NOT_FOUND", "nothing is served there", "try /metrics, /healthz or /readyz"));
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return refusal(
                    HttpURLConnection.HTTP_BAD_METHOD,
                    new Refusal("BAD_METHOD", "this is for reading only", "use GET"));
        }
        return page.show();
    }

    private static Content refusal(int status, Refusal refusal) {
        return Content.json(status, GSON.toJson(refusal));
    }

    private static void send(HttpExchange exchange, Content content) throws IOException {
        byte[] body = content.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", content.type());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(content.status(), -1);
        } else {
            exchange.sendResponseHeaders(content.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The port that it listens on. */
    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
