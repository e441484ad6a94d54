/** Projects that an image is shared with. */
@NullMarked
package io.nephos.image.member;

import org.jspecify.annotations.NullMarked;
