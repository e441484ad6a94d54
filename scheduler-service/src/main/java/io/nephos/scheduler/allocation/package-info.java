/** Placement's allocations: what a consumer holds of which providers. */
@NullMarked
package io.nephos.scheduler.allocation;

import org.jspecify.annotations.NullMarked;
