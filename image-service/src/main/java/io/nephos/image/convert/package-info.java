/** Images in another disk format than they came in. */
@NullMarked
package io.nephos.image.convert;

import org.jspecify.annotations.NullMarked;
