package io.nephos.agent.libvirt;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import org.libvirt.jna.ConnectionPointer;

/** Calls of libvirt that libvirt-java has no binding for. */
interface LibvirtNative extends Library {
    LibvirtNative LIBVIRT = Native.load("virt", LibvirtNative.class);

    // virDomainShutoffReason
    int SHUTOFF_SHUTDOWN = 1;
    int SHUTOFF_CRASHED = 3;

    Pointer virDomainLookupByUUIDString(ConnectionPointer connection, String uuid);

    int virDomainGetState(Pointer domain, IntByReference state, IntByReference reason, int flags);

    int virDomainFree(Pointer domain);
}
