@NullMarked
package io.nephos.image.backend.rbd;

import org.jspecify.annotations.NullMarked;
