/** Servers: requests, state machine, reconciler, views. */
@NullMarked
package io.nephos.compute.server;

import org.jspecify.annotations.NullMarked;
