/** Ports of servers: compute's view of network-service's ports. */
@NullMarked
package io.nephos.compute.port;

import org.jspecify.annotations.NullMarked;
