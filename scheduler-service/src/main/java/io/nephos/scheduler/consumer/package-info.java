/** Consumers of resources. */
@NullMarked
package io.nephos.scheduler.consumer;

import org.jspecify.annotations.NullMarked;
