/** Host aggregates: hosts with metadata that the scheduler compares with, and availability zones. */
@NullMarked
package io.nephos.compute.aggregate;

import org.jspecify.annotations.NullMarked;
