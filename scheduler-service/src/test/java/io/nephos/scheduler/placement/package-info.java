@NullMarked
package io.nephos.scheduler.placement;

import org.jspecify.annotations.NullMarked;
