@NullMarked
package io.nephos.scheduler.provider;

import org.jspecify.annotations.NullMarked;
