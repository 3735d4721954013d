package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** A place in a router's log, to see what it says from then on. */
record LogMark(LocalRouter router, long bytes) {
    /** Where its log ends now. */
    static LogMark now(LocalRouter router) {
        try {
            return new LogMark(router, Files.size(router.log()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + router.log(), e);
        }
    }

    /** Whether the router has said this since. */
    boolean isFollowedBy(String text) {
        try (FileChannel log = FileChannel.open(router.log())) {
            ByteBuffer fresh = ByteBuffer.allocate((int) (log.size() - bytes));
            log.read(fresh, bytes);
            return new String(fresh.array(), StandardCharsets.UTF_8).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + router.log(), e);
        }
    }
}
