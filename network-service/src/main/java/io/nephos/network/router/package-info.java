/** Routers, their interfaces and gateways. */
@NullMarked
package io.nephos.network.router;

import org.jspecify.annotations.NullMarked;
