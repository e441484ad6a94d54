@NullMarked
package io.nephos.scheduler.simulation;

import org.jspecify.annotations.NullMarked;
