/** Ports, their addresses and their binding to hosts. */
@NullMarked
package io.nephos.network.port;

import org.jspecify.annotations.NullMarked;
