package io.peerlink.server.config;

/**
 * One key of a router's configuration.
 *
 * @param value as HOCON
 * @param origin the file and line, the environment variable, or the built-in defaults
 */
public record Setting(String key, String value, String origin) {}
