/** How much a project may have of images, and how much it has. */
@NullMarked
package io.nephos.image.quota;

import org.jspecify.annotations.NullMarked;
