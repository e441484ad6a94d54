/** Where servers had better run: plans of migrations that balance, empty or free hosts. The model is pure; solver/ solves it. */
@NullMarked
package io.nephos.scheduler.optimiser;

import org.jspecify.annotations.NullMarked;
