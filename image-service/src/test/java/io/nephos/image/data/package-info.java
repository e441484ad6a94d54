@NullMarked
package io.nephos.image.data;

import org.jspecify.annotations.NullMarked;
