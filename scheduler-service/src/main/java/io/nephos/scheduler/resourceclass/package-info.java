/** Placement's resource classes. */
@NullMarked
package io.nephos.scheduler.resourceclass;

import org.jspecify.annotations.NullMarked;
