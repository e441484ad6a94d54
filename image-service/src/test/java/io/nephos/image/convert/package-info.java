@NullMarked
package io.nephos.image.convert;

import org.jspecify.annotations.NullMarked;
