package io.peerlink.integration.torture.ground;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A bridge and network namespaces behind it: one for each router, a spare one for a router to be added, one for all clients.
 * Packets are dropped by classic BPF filters at an interface's hook ({@code tc ... clsact}), which every kernel with veth tends
 * to have; nftables and netem are not needed. The hook counts what it drops.
 */
public final class Network implements AutoCloseable {
    private static final String INTERFACE = "eth0";
    private static final Pattern OVERLIMITS = Pattern.compile("overlimits ([0-9]+)");
    private static final Pattern DROPPED = Pattern.compile("dropped ([0-9]+)");
    private static final int CLIENTS = 200;
    private static final int HARNESS = 254;
    private static final int SUBNETS = 50;

    private final String subnet;
    private final String bridge = Leftovers.name("b");
    private final int routers;

    private Network(String subnet, int routers) {
        this.subnet = subnet;
        this.routers = routers;
    }

    /** Why no network can be made here, or empty. */
    static Optional<String> obstacle() {
        return Command.obstacle("ip", "tc", "nsenter")
                .or(() -> Command.succeeds("ip", "netns", "list")
                        ? Optional.empty()
                        : Optional.of("there are no network namespaces"));
    }

    /** For so many routers and a spare one. */
    static Network make(int routers) {
        removeLeftovers();
        Network network = new Network(freeSubnet(), routers);
        try {
            network.build();
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
        return network;
    }

    private static String freeSubnet() {
        String taken = Command.run("ip", "-o", "addr") + Command.run("ip", "route");
        long first = ProcessHandle.current().pid() % SUBNETS;
        for (long i = 0; i < SUBNETS; i++) {
            String subnet = "10.213." + (100 + (first + i) % SUBNETS) + ".";
            if (!taken.contains(subnet)) {
                return subnet;
            }
        }
        throw new IllegalStateException("no free subnet");
    }

    private static void removeLeftovers() {
        words(Command.run("ip", "netns", "list"))
                .filter(Leftovers::isOfDeadRun)
                .forEach(name -> Command.succeeds("ip", "netns", "del", name));
        // Also takes the outer ends of pairs whose namespace lingers.
        words(Command.run("ip", "-o", "link").replace('@', ' ').replace(':', ' '))
                .filter(Leftovers::isOfDeadRun)
                .forEach(name -> Command.succeeds("ip", "link", "del", name));
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.split("\\s+"));
    }

    private void build() {
        Command.run("ip", "link", "add", bridge, "type", "bridge");
        Command.run("ip", "addr", "add", subnet + HARNESS + "/24", "dev", bridge);
        Command.run("ip", "link", "set", bridge, "up");
        for (int number : numbers()) {
            String namespace = namespace(number);
            String outer = Leftovers.name("v" + number);
            Command.run("ip", "netns", "add", namespace);
            Command.run("ip", "link", "add", outer, "type", "veth", "peer", "name", INTERFACE, "netns", namespace);
            Command.run("ip", "link", "set", outer, "master", bridge, "up");
            Command.run("ip", "-n", namespace, "addr", "add", subnet + number + "/24", "dev", INTERFACE);
            Command.run("ip", "-n", namespace, "link", "set", INTERFACE, "up");
            Command.run("ip", "-n", namespace, "link", "set", "lo", "up");
            Command.run("tc", "-n", namespace, "qdisc", "add", "dev", INTERFACE, "clsact");
        }
    }

    private List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        for (int number = 1; number <= routers + 1; number++) {
            numbers.add(number);
        }
        numbers.add(CLIENTS);
        return numbers;
    }

    private static String namespace(int number) {
        return Leftovers.name("n" + number);
    }

    /** Not {@code ip netns exec}: it copies all mounts, and a disk that is still mounted somewhere cannot lose its power. */
    private static List<String> enter(int number) {
        return List.of("nsenter", "--net=/run/netns/" + namespace(number));
    }

    /** Words that make a command run where this router is; counted from 0, the spare one last. */
    List<String> enterRouter(int place) {
        return enter(place + 1);
    }

    List<String> enterClients() {
        return enter(CLIENTS);
    }

    String routerHost(int place) {
        return subnet + (place + 1);
    }

    public String clientHost() {
        return subnet + CLIENTS;
    }

    /** Drops what comes in from some hosts. */
    public void deafen(String host, Collection<String> from) {
        filter(host, "ingress", Filters.dropAddresses(Filters.SOURCE, from));
    }

    /** Drops what goes out to some hosts. */
    public void mute(String host, Collection<String> to) {
        filter(host, "egress", Filters.dropAddresses(Filters.DESTINATION, to));
    }

    /** Drops some of all packets that come in. */
    public void lose(String host, int percent) {
        filter(host, "ingress", Filters.dropSome(percent));
    }

    private static void filter(String host, String direction, String program) {
        Command.run(
                "tc",
                "-n",
                namespaceOf(host),
                "filter",
                "add",
                "dev",
                INTERFACE,
                direction,
                "bpf",
                "da",
                "bytecode",
                program);
    }

    private static String namespaceOf(String host) {
        return namespace(Integer.parseInt(host.substring(host.lastIndexOf('.') + 1)));
    }

    /** Sends at most so many kilobits a second; what waits longer than half a second is dropped. */
    public void slowDown(String host, int kilobits) {
        Command.run(
                "tc",
                "-n",
                namespaceOf(host),
                "qdisc",
                "add",
                "dev",
                INTERFACE,
                "root",
                "tbf",
                "rate",
                kilobits + "kbit",
                "burst",
                "16kb",
                "latency",
                "500ms");
    }

    /** How many packets had to wait since it was slowed down. */
    public long delayed(String host) {
        Matcher counter = OVERLIMITS.matcher(
                Command.run("tc", "-s", "-n", namespaceOf(host), "qdisc", "show", "dev", INTERFACE, "root"));
        return counter.find() ? Long.parseLong(counter.group(1)) : 0;
    }

    /** As fast as before. */
    public void speedUp(String host) {
        Command.run("tc", "-n", namespaceOf(host), "qdisc", "del", "dev", INTERFACE, "root");
    }

    /** Lets everything through again; what was dropped stays counted. */
    public void open(String host) {
        for (String direction : List.of("ingress", "egress")) {
            Command.run("tc", "-n", namespaceOf(host), "filter", "del", "dev", INTERFACE, direction);
        }
    }

    /** How many packets were dropped at this host since the network was made. */
    public long dropped(String host) {
        Matcher counter = DROPPED.matcher(
                Command.run("tc", "-s", "-n", namespaceOf(host), "qdisc", "show", "dev", INTERFACE, "clsact"));
        return counter.find() ? Long.parseLong(counter.group(1)) : 0;
    }

    /** Removes everything; to be called when nothing runs in it any more. */
    @Override
    public void close() {
        for (int number : numbers()) {
            Command.succeeds("ip", "link", "del", Leftovers.name("v" + number));
            Command.succeeds("ip", "netns", "del", namespace(number));
        }
        Command.succeeds("ip", "link", "del", bridge);
    }
}
