@NullMarked
package io.nephos.image.format;

import org.jspecify.annotations.NullMarked;
