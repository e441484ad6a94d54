/** What the data plane is asked to make true. */
@NullMarked
package io.nephos.network.fabric;

import org.jspecify.annotations.NullMarked;
