/** The torture harness: real routers, real clients, real faults, and a checker that trusts none of them. */
@NullMarked
package io.peerlink.integration.torture;

import org.jspecify.annotations.NullMarked;
