/** What holds for all of compute-service. */
@NullMarked
package io.nephos.compute;

import org.jspecify.annotations.NullMarked;
