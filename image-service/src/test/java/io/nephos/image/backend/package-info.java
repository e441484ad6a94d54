@NullMarked
package io.nephos.image.backend;

import org.jspecify.annotations.NullMarked;
