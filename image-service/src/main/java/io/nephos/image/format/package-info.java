/** What a disk image says of itself in its first bytes. */
@NullMarked
package io.nephos.image.format;

import org.jspecify.annotations.NullMarked;
