package io.peerlink.integration.torture.ground;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names that carry the id of this process, so that a later run can tell what a dead one left behind. */
final class Leftovers {
    /** In front of the process id; short, because an interface's name has at most 15 characters. */
    private static final String PREFIX = "plt";

    private static final Pattern NAMED = Pattern.compile(PREFIX + "([0-9]+)[a-z].*");

    private Leftovers() {}

    /** A name of this run. */
    static String name(String suffix) {
        return PREFIX + ProcessHandle.current().pid() + suffix;
    }

    /** Whether the name is of a run that is dead, so that what it names may be removed. */
    static boolean isOfDeadRun(String name) {
        Matcher matcher = NAMED.matcher(name);
        return matcher.matches()
                && Optional.of(Long.parseLong(matcher.group(1)))
                        .flatMap(ProcessHandle::of)
                        .isEmpty();
    }
}
