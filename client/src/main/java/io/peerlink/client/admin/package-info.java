/** How routers are: for operators. Needs no identity. */
@NullMarked
package io.peerlink.client.admin;

import org.jspecify.annotations.NullMarked;
