package io.peerlink.integration.torture.proxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Stands where one router is known, in a process of its own because that place may be another network namespace. Obeys lines on
 * its standard input, {@code RELAY.WORD NUMBER}, and answers each with {@code ok RELAY.WORD NUMBER}; ends when the input does.
 */
public final class ProxyMain {
    private ProxyMain() {}

    /** Takes a seed and {@code NAME=ADDRESS=TARGET} for each relay. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, Relay> relays = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            String[] words = arguments[i].split("=", 3);
            relays.put(words[0], new Relay(address(words[1]), address(words[2]), Long.parseLong(arguments[0]) + i));
        }
        // A relay that fails must fail the run, not leave a router without connections.
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            System.err.println(thread.getName() + " ends: " + error);
            Runtime.getRuntime().halt(1);
        });
        relays.values().forEach(Relay::start);
        answer("ready", 0);
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                String[] words = line.split("[. ]", 3);
                Relay relay = relays.get(words[0]);
                if (relay == null) {
                    throw new IllegalArgumentException("no relay for " + line);
                }
                answer(words[0] + "." + words[1], relay.order(words[1], Long.parseLong(words[2])));
            }
        }
        relays.values().forEach(Relay::close);
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static void answer(String word, long value) {
        System.out.println("ok " + word + " " + value);
        System.out.flush();
    }
}
