@NullMarked
package io.nephos.block;

import org.jspecify.annotations.NullMarked;
