/** What a router tells Prometheus. The only package that sees Micrometer; one class per subject. */
@NullMarked
package io.peerlink.server.metrics;

import org.jspecify.annotations.NullMarked;
