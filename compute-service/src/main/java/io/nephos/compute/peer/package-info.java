/** The other processes that compute asks, one client each. */
@NullMarked
package io.nephos.compute.peer;

import org.jspecify.annotations.NullMarked;
