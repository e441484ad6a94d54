/** The integration bridge of this host. */
@NullMarked
package io.nephos.agent.ovs;

import org.jspecify.annotations.NullMarked;
