package io.peerlink.client.session;

import io.peerlink.client.RouterTrust;
import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.util.List;

/**
 * What a session needs to know; see {@link io.peerlink.client.ClientBuilder} for the meanings.
 *
 * @param identity who attaches
 * @param register whether an unknown name is registered
 * @param inviteCode for registering; empty: none
 * @param servers where to begin the search
 * @param connectTimeout limit of one attempt at one server
 * @param ackTimeout limit of the leader's silence
 * @param requestTimeout limit of a request's life
 * @param agent for the router's log
 * @param trust where a redirect may lead; channels see to the rest
 */
public record SessionSettings(
        Identity identity,
        boolean register,
        String inviteCode,
        List<String> servers,
        Duration connectTimeout,
        Duration ackTimeout,
        Duration requestTimeout,
        String agent,
        RouterTrust trust) {
    /** Copies the list. */
    public SessionSettings {
        servers = List.copyOf(servers);
    }
}
