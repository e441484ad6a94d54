/** Measurements: of the scheduler's core with JMH, and of the service over gRPC with a real PostgreSQL. */
@NullMarked
package io.nephos.benchmark.scheduler;

import org.jspecify.annotations.NullMarked;
