/** Unified limits: how much of a service's resource there is by default, and for one project or domain. */
@NullMarked
package io.nephos.identity.limit;

import org.jspecify.annotations.NullMarked;
