/** Quotas and limits; usage is counted from what exists. */
@NullMarked
package io.nephos.block.quota;

import org.jspecify.annotations.NullMarked;
