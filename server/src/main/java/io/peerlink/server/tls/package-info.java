/** What a router shows to others and whom it believes: certificates and keys, read from files and read again. */
@NullMarked
package io.peerlink.server.tls;

import org.jspecify.annotations.NullMarked;
