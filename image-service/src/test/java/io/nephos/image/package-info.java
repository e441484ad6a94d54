@NullMarked
package io.nephos.image;

import org.jspecify.annotations.NullMarked;
