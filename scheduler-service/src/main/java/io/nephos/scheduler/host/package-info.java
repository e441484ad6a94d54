/** Hosts as their agents report them: capacity, heartbeat, up and down. */
@NullMarked
package io.nephos.scheduler.host;

import org.jspecify.annotations.NullMarked;
