/** Attachments: the one truth of which server has which volume. */
@NullMarked
package io.nephos.block.attachment;

import org.jspecify.annotations.NullMarked;
