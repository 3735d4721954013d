/** The shape of the code base, as tests. */
@NullMarked
package io.peerlink.integration.structure;

import org.jspecify.annotations.NullMarked;
