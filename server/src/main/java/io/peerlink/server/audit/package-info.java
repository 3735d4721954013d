/** What operators did, kept where they cannot change it unnoticed. */
@NullMarked
package io.peerlink.server.audit;

import org.jspecify.annotations.NullMarked;
