package io.peerlink.integration.crowd;

import java.util.Locale;

/** What peers do that are a burden on purpose, with nothing but the protocol. */
enum Attack {
    BODIES("sends of bodies larger than limits.body-bytes"),
    NAMES("sends to names that are none and to names that nobody has"),
    SESSIONS("a peer that attaches again and again, each time as a new session"),
    REGISTRATIONS("new names with new keys, one after the other"),
    FAN_OUT("sends to a group of 1,000, ten of whom are there"),
    GROUPS("groups created, left and deleted, with limits.groups-per-peer reached"),
    FULL_INBOX("sends to a peer that is away and has as much waiting as limits.inbox-messages"),
    QUERIES("questions with the longest answers, 90 at once for each attacker"),
    MARKS("read marks, and a group joined and left, by peers with 2,000 rows in their inboxes"),
    PINGS("frames that ask for nothing: pings and credit");

    private final String description;

    Attack(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
