/** What this service offers: import methods, stores. */
@NullMarked
package io.nephos.image.info;

import org.jspecify.annotations.NullMarked;
