/** Desired state is a row; a reconciler makes it true. */
@NullMarked
package io.nephos.kit.reconcile;

import org.jspecify.annotations.NullMarked;
