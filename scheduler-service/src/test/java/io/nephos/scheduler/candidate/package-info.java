@NullMarked
package io.nephos.scheduler.candidate;

import org.jspecify.annotations.NullMarked;
