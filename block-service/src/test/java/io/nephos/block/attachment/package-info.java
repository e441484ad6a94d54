@NullMarked
package io.nephos.block.attachment;

import org.jspecify.annotations.NullMarked;
