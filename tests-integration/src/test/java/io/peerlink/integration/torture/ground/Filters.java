package io.peerlink.integration.torture.ground;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Programs in classic BPF, as {@code tc} reads them: the number of instructions, then each as code, jumps and value. */
final class Filters {
    /** Where an Ethernet frame's IPv4 packet holds its addresses. */
    static final int SOURCE = 26;

    static final int DESTINATION = 30;

    private static final String LOAD_ETHERTYPE = "40 0 0 12";
    private static final String IPV4 = "2048";
    /** SKF_AD_RANDOM: a random word. */
    private static final String LOAD_RANDOM = "32 0 0 4294963256";
    /** TC_ACT_UNSPEC: go on. */
    private static final String PASS = "6 0 0 4294967295";
    /** TC_ACT_SHOT. */
    private static final String DROP = "6 0 0 2";

    private static final long WORDS = 1L << 32;

    private Filters() {}

    /** Drops IPv4 packets with one of the addresses at this offset. */
    static String dropAddresses(int offset, Collection<String> addresses) {
        int count = addresses.size();
        List<String> program = new ArrayList<>();
        program.add(LOAD_ETHERTYPE);
        program.add("21 0 " + (count + 1) + " " + IPV4);
        program.add("32 0 0 " + offset);
        int jump = count;
        for (String address : addresses) {
            program.add("21 " + jump + " 0 " + number(address));
            jump--;
        }
        program.add(PASS);
        program.add(DROP);
        return text(program);
    }

    /** Drops so many of a hundred packets. */
    static String dropSome(int percent) {
        return text(List.of(LOAD_RANDOM, "53 1 0 " + WORDS * percent / 100, DROP, PASS));
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", 4)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return number;
    }

    private static String text(List<String> program) {
        return program.size() + "," + String.join(",", program) + ",";
    }
}
