/** The Image API v2: what is common to all of its nouns. */
@NullMarked
package io.nephos.image;

import org.jspecify.annotations.NullMarked;
