/** What others on the same cluster cost an honest pair of peers, and a router in memory: {@code tests-integration/crowd}. Not run in CI. */
@org.jspecify.annotations.NullMarked
package io.peerlink.integration.crowd;
