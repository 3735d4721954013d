package io.peerlink.integration.torture.proxy;

import io.peerlink.integration.torture.proxy.Troubles.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Passes on the connections of one address, on a thread of its own. Any thread may {@link #order}. */
final class Relay implements AutoCloseable {
    /** Where continuations come from. */
    static final String OUTGOING_HOST = "127.0.0.3";

    private static final int LINKS_MAX = 1_000;

    private final InetSocketAddress target;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Troubles troubles;
    private final Queue<FutureTask<Long>> orders = new ConcurrentLinkedQueue<>();
    private final List<Link> links = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "relay");
    private long accepted;
    private volatile boolean closing;

    /** Listens at once. */
    Relay(InetSocketAddress address, InetSocketAddress target, long seed) {
        this.target = target;
        this.troubles = new Troubles(seed);
        try {
            selector = Selector.open();
            listener = ServerSocketChannel.open();
            listener.bind(address);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + address, e);
        }
    }

    /** Where it listens. */
    int port() {
        return listener.socket().getLocalPort();
    }

    /** Passes on bytes until it is closed. */
    void start() {
        thread.start();
    }

    private void run() {
        try (selector;
                listener) {
            while (!closing) {
                long now = System.nanoTime();
                long due = now + TimeUnit.HOURS.toNanos(1);
                for (Link link : links) {
                    due = link.nextDue(now, due);
                }
                selector.select(this::onReady, 1 + TimeUnit.NANOSECONDS.toMillis(due - now));
                accept();
                links.forEach(link -> link.move(System.nanoTime()));
                for (FutureTask<Long> order = orders.poll(); order != null; order = orders.poll()) {
                    order.run();
                }
                links.removeIf(link -> !link.isOpen());
            }
            links.forEach(Link::reset);
        } catch (IOException e) {
            throw new UncheckedIOException("the relay to " + target + " ends", e);
        }
    }

    private void onReady(SelectionKey key) {
        if (key.attachment() instanceof Link link) {
            link.read(key, System.nanoTime());
        }
    }

    private void accept() throws IOException {
        SocketChannel caller = listener.accept();
        while (caller != null) {
            if (links.size() < LINKS_MAX) {
                links.add(new Link(++accepted, caller, target, selector, troubles));
            } else {
                caller.close();
            }
            caller = listener.accept();
        }
    }

    /** Does as it is told, and returns how many connections were hit, or what was counted since the start. */
    long order(String word, long value) throws InterruptedException {
        FutureTask<Long> order = new FutureTask<>(() -> obey(word, value));
        orders.add(order);
        selector.wakeup();
        try {
            return order.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot " + word, e.getCause());
        }
    }

    /** Resets all connections; returns when the thread is done. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long obey(String word, long value) {
        switch (word) {
            case "delay-up" -> {
                return delay(Direction.UP, value);
            }
            case "delay-down" -> {
                return delay(Direction.DOWN, value);
            }
            case "hold" -> troubles.hold(value);
            case "half-close" -> {
                return cutSome(false);
            }
            case "silence" -> {
                return cutSome(true);
            }
            case "silence-down" -> {
                return hitAlive(link -> link.cut(Direction.DOWN, true));
            }
            case "reset" -> {
                return hitAlive(Link::reset);
            }
            case "mend" -> mend();
            case "delayed" -> {
                return troubles.delayed();
            }
            case "overtaken" -> {
                return troubles.overtaken();
            }
            case "one-way" -> {
                return links.stream().filter(Link::isOneWay).count();
            }
            default -> throw new IllegalArgumentException("unknown order " + word);
        }
        return 0;
    }

    private long delay(Direction direction, long millis) {
        troubles.delay(direction, millis);
        return alive().count();
    }

    private Stream<Link> alive() {
        return links.stream().filter(Link::isAlive);
    }

    /** Each live connection with a chance of one half; the direction is a matter of chance too. */
    private long cutSome(boolean silently) {
        List<Link> victims = alive().filter(link -> troubles.coin()).toList();
        victims.forEach(link -> link.cut(troubles.coin() ? Direction.UP : Direction.DOWN, silently));
        return victims.size();
    }

    private long hitAlive(Consumer<Link> blow) {
        List<Link> victims = alive().toList();
        victims.forEach(blow);
        return victims.size();
    }

    /** What lost bytes can never be whole again. */
    private void mend() {
        troubles.calm();
        links.stream().filter(Link::isCut).forEach(Link::reset);
    }
}
