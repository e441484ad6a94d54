@NullMarked
package io.nephos.image.image;

import org.jspecify.annotations.NullMarked;
