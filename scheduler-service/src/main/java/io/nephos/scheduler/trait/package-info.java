/** Placement's traits. */
@NullMarked
package io.nephos.scheduler.trait;

import org.jspecify.annotations.NullMarked;
