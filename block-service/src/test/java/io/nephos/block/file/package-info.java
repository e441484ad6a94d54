@NullMarked
package io.nephos.block.file;

import org.jspecify.annotations.NullMarked;
