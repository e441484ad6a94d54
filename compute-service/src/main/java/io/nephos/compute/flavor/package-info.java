/** Flavors: the sizes that servers come in. */
@NullMarked
package io.nephos.compute.flavor;

import org.jspecify.annotations.NullMarked;
