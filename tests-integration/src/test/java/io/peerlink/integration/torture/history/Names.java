package io.peerlink.integration.torture.history;

/**
 * Peers and groups have numbers in the histories and names in the cluster: {@code p7}, {@code g2}. A conversation is one
 * int: two peers' numbers, or a group's with a bit that tells.
 */
public final class Names {
    /** More peers than any run has. */
    public static final int PEERS_MAX = 1 << 15;
    /** The number of who attacks under a name of its own: its messages must never be seen. */
    public static final int ATTACKER = PEERS_MAX - 1;
    /** What is none of ours. */
    public static final int UNKNOWN = -1;

    private static final int GROUP_BIT = 1 << 30;

    private Names() {}

    public static String peer(int number) {
        return number == ATTACKER ? "mallory" : "p" + number;
    }

    public static String group(int number) {
        return "g" + number;
    }

    /** A peer's number, or {@link #UNKNOWN}. */
    public static int peerNumber(String name) {
        return name.equals("mallory") ? ATTACKER : number(name, 'p');
    }

    private static int number(String name, char prefix) {
        if (name.isEmpty() || name.charAt(0) != prefix || !name.substring(1).matches("[0-9]{1,5}")) {
            return UNKNOWN;
        }
        return Integer.parseInt(name.substring(1));
    }

    /** The conversation of two peers. */
    public static int direct(int one, int other) {
        return Math.min(one, other) * PEERS_MAX + Math.max(one, other);
    }

    /** The conversation of a group. */
    public static int inGroup(int group) {
        return GROUP_BIT | group;
    }

    public static boolean isGroup(int conversation) {
        return conversation >= 0 && (conversation & GROUP_BIT) != 0;
    }

    public static int groupOf(int conversation) {
        return conversation & ~GROUP_BIT;
    }

    /** Whether a peer is one of the two of a direct conversation. */
    public static boolean isPartOf(int conversation, int peer) {
        return conversation / PEERS_MAX == peer || conversation % PEERS_MAX == peer;
    }

    /** The other one of a direct conversation; oneself if one talks to oneself. */
    public static int otherOf(int conversation, int peer) {
        int low = conversation / PEERS_MAX;
        return low == peer ? conversation % PEERS_MAX : low;
    }

    /** The number of a conversation by the cluster's name for it; {@link #UNKNOWN} if it is none of ours. */
    public static int conversation(String name) {
        int tilde = name.indexOf('~');
        if (tilde < 0) {
            int group = number(name, 'g');
            return group == UNKNOWN ? UNKNOWN : inGroup(group);
        }
        int one = peerNumber(name.substring(0, tilde));
        int other = peerNumber(name.substring(tilde + 1));
        return one == UNKNOWN || other == UNKNOWN ? UNKNOWN : direct(one, other);
    }

    /** The cluster's name of a conversation. */
    public static String conversationName(int conversation) {
        if (conversation == UNKNOWN) {
            return "?";
        }
        if (isGroup(conversation)) {
            return group(groupOf(conversation));
        }
        String one = peer(conversation / PEERS_MAX);
        String other = peer(conversation % PEERS_MAX);
        return one.compareTo(other) <= 0 ? one + "~" + other : other + "~" + one;
    }
}
