/** The hosts' network agents, as OVN knows them. */
@NullMarked
package io.nephos.network.agent;

import org.jspecify.annotations.NullMarked;
