/** The checker: reads the histories of a run, and nothing else, and decides whether every promise was kept. */
@NullMarked
package io.peerlink.integration.torture.check;

import org.jspecify.annotations.NullMarked;
