/** Services and their endpoints. */
@NullMarked
package io.nephos.identity.catalog;

import org.jspecify.annotations.NullMarked;
