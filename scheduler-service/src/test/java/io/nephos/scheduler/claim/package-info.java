@NullMarked
package io.nephos.scheduler.claim;

import org.jspecify.annotations.NullMarked;
