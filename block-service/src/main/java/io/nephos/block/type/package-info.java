/** Volume types. */
@NullMarked
package io.nephos.block.type;

import org.jspecify.annotations.NullMarked;
