/** What happened, as fixed-size binary records that survive the death of the process that wrote them. */
@NullMarked
package io.peerlink.integration.torture.history;

import org.jspecify.annotations.NullMarked;
