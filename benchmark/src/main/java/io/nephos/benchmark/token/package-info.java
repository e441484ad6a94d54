/** What the check of a token costs: {@code ./nephos bench jmh token}. */
@NullMarked
package io.nephos.benchmark.token;

import org.jspecify.annotations.NullMarked;
