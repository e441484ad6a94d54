/** Cinder's API v3: what all its nouns share. */
@NullMarked
package io.nephos.block;

import org.jspecify.annotations.NullMarked;
