/** Subnet pools: prefixes that subnets are cut from. */
@NullMarked
package io.nephos.network.subnetpool;

import org.jspecify.annotations.NullMarked;
