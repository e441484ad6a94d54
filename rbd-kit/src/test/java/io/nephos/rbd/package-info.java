@NullMarked
package io.nephos.rbd;

import org.jspecify.annotations.NullMarked;
