/** Placement's inventories and usages of a provider. */
@NullMarked
package io.nephos.scheduler.inventory;

import org.jspecify.annotations.NullMarked;
