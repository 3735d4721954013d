/** Bugs that are planted on purpose, so that the harness itself is tested. */
@NullMarked
package io.peerlink.integration.torture.plant;

import org.jspecify.annotations.NullMarked;
