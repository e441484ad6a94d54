/** Short-lived rights of hosts, and the gRPC faces. */
@NullMarked
package io.nephos.image.ticket;

import org.jspecify.annotations.NullMarked;
