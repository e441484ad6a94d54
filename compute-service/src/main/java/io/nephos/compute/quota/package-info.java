/** Quotas and limits, counted from the rows that exist. */
@NullMarked
package io.nephos.compute.quota;

import org.jspecify.annotations.NullMarked;
