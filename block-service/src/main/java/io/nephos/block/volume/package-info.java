/** Volumes: rows with a wanted state, and the reconciler that makes them. */
@NullMarked
package io.nephos.block.volume;

import org.jspecify.annotations.NullMarked;
