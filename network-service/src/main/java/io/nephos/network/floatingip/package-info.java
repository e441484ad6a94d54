/** Floating IPs. */
@NullMarked
package io.nephos.network.floatingip;

import org.jspecify.annotations.NullMarked;
