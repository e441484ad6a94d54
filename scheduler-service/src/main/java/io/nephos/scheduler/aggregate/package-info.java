/** Placement's aggregates of a provider. */
@NullMarked
package io.nephos.scheduler.aggregate;

import org.jspecify.annotations.NullMarked;
