/** Claims: a decision of the core made true in the books, or explained. */
@NullMarked
package io.nephos.scheduler.claim;

import org.jspecify.annotations.NullMarked;
