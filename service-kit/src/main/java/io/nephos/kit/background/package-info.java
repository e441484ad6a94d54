/** What a service does by itself, beside its requests. */
@NullMarked
package io.nephos.kit.background;

import org.jspecify.annotations.NullMarked;
