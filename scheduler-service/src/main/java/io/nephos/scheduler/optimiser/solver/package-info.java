/** The only package that sees the solver, OR-Tools. */
@NullMarked
package io.nephos.scheduler.optimiser.solver;

import org.jspecify.annotations.NullMarked;
