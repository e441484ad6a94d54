/** OVN: the only place that speaks OVSDB. */
@NullMarked
package io.nephos.network.ovn;

import org.jspecify.annotations.NullMarked;
