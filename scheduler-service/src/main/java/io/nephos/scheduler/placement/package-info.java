/** What all of the Placement API shares: its error body, policy, microversions, discovery and query language. */
@NullMarked
package io.nephos.scheduler.placement;

import org.jspecify.annotations.NullMarked;
