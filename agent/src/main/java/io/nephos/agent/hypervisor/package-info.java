/** What the agent asks of whatever runs guests: the port behind which libvirt and the fake stand. */
@NullMarked
package io.nephos.agent.hypervisor;

import org.jspecify.annotations.NullMarked;
