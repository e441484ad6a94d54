/** The JSON schemas that clients ask for. */
@NullMarked
package io.nephos.image.schema;

import org.jspecify.annotations.NullMarked;
