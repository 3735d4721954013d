package io.peerlink.statemachine.apply;

/** What the tables need of a name. Which names are legal is the edge's business and may change with versions. Stateless. */
final class Names {
    private Names() {}

    /** Keys end names with a zero byte; conversation ids join them with {@code ~}. */
    static boolean isStorable(String name) {
        return !name.isEmpty() && name.indexOf(0) < 0 && name.indexOf('~') < 0;
    }
}
