/** Limits on how much a project has. */
@NullMarked
package io.nephos.network.quota;

import org.jspecify.annotations.NullMarked;
