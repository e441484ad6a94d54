/** A hypervisor without guests, for tests and scale: it remembers across a kill and can fail on demand. */
@NullMarked
package io.nephos.agent.fake;

import org.jspecify.annotations.NullMarked;
