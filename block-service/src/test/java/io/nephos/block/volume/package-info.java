@NullMarked
package io.nephos.block.volume;

import org.jspecify.annotations.NullMarked;
