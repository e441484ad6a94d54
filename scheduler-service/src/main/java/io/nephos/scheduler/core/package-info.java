/** The decision where things run: pure, of a snapshot and a request a plan or an explanation. */
@NullMarked
package io.nephos.scheduler.core;

import org.jspecify.annotations.NullMarked;
