@NullMarked
package io.nephos.scheduler.optimiser;

import org.jspecify.annotations.NullMarked;
