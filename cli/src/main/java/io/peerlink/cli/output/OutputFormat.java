package io.peerlink.cli.output;

/** How a command prints. */
public enum OutputFormat {
    /** One line per happening, made for pipes. */
    PLAIN,
    /** Aligned and coloured, made for people. */
    TABLE,
    /** One JSON object a line. */
    JSON
}
