@NullMarked
package io.nephos.scheduler.core;

import org.jspecify.annotations.NullMarked;
