/** The suite against the outside world: what clients, operators and auditors may expect of a running cloud. */
@NullMarked
package io.nephos.conformance;

import org.jspecify.annotations.NullMarked;
