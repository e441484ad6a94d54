/** Regions. */
@NullMarked
package io.nephos.identity.region;

import org.jspecify.annotations.NullMarked;
