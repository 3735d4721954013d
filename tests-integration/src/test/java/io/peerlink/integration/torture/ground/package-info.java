/** What faults need of the machine: tools, networks, disks, proxies; made for a run and removed after it. */
@NullMarked
package io.peerlink.integration.torture.ground;

import org.jspecify.annotations.NullMarked;
