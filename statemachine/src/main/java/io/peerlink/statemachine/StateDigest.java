package io.peerlink.statemachine;

import com.google.protobuf.ByteString;

/**
 * Hash of all tables, to compare routers and replays.
 *
 * @param position the last applied entry it includes
 * @param sha256 32 bytes
 */
public record StateDigest(LogPosition position, ByteString sha256) {}
