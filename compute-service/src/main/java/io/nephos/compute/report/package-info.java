/** What others ask of compute, and what agents tell it, over gRPC. */
@NullMarked
package io.nephos.compute.report;

import org.jspecify.annotations.NullMarked;
