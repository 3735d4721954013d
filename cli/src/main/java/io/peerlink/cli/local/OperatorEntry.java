package io.peerlink.cli.local;

import io.peerlink.client.identity.Identity;
import java.util.Base64;

/** An operator as a router's configuration lists it. */
public final class OperatorEntry {
    private OperatorEntry() {}

    /** A HOCON line, under {@code peerlink.access}. */
    public static String of(Identity operator) {
        return "operators += { name = \"" + operator.name() + "\", key = \""
                + Base64.getEncoder().encodeToString(operator.publicKey()) + "\" }";
    }
}
