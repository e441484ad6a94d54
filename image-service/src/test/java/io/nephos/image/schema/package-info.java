@NullMarked
package io.nephos.image.schema;

import org.jspecify.annotations.NullMarked;
