@NullMarked
package io.nephos.block.rbd;

import org.jspecify.annotations.NullMarked;
