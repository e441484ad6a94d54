/** The port behind which storage is. */
@NullMarked
package io.nephos.block.backend;

import org.jspecify.annotations.NullMarked;
