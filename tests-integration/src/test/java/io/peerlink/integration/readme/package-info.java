/** What the README says is so. */
@NullMarked
package io.peerlink.integration.readme;

import org.jspecify.annotations.NullMarked;
