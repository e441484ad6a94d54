/** Addresses: pure arithmetic, no I/O. */
@NullMarked
package io.nephos.network.ipam;

import org.jspecify.annotations.NullMarked;
