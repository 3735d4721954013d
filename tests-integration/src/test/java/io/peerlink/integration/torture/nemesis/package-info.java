/** What goes wrong during a torture run: faults, chosen by a seed, each proven to have happened. */
@NullMarked
package io.peerlink.integration.torture.nemesis;

import org.jspecify.annotations.NullMarked;
