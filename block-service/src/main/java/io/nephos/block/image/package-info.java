/** What image-service says of an image, and its bytes. */
@NullMarked
package io.nephos.block.image;

import org.jspecify.annotations.NullMarked;
