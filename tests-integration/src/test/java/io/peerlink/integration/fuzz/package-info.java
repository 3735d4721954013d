/** What fuzz targets of several modules share. */
@NullMarked
package io.peerlink.integration.fuzz;

import org.jspecify.annotations.NullMarked;
