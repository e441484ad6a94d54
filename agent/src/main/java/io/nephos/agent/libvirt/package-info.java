/** The hypervisor port over libvirt and QEMU. Only this package knows libvirt. */
@NullMarked
package io.nephos.agent.libvirt;

import org.jspecify.annotations.NullMarked;
