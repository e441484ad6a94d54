@NullMarked
package io.nephos.block.quota;

import org.jspecify.annotations.NullMarked;
