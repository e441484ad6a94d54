/** Subnets of networks. */
@NullMarked
package io.nephos.network.subnet;

import org.jspecify.annotations.NullMarked;
