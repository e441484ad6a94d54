/** The image record: attributes, visibility, life, list, deletion. */
@NullMarked
package io.nephos.image.image;

import org.jspecify.annotations.NullMarked;
