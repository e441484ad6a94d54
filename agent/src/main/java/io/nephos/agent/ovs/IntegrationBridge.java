package io.nephos.agent.ovs;

import java.util.List;
import java.util.Map;

/** The bridge that OVN programs. Ports on it are found by their interface id. */
public interface IntegrationBridge {
    /** Throws {@link BridgeUnavailable} when Open vSwitch cannot be asked, or has no such bridge. */
    void check();

    /** Interface name -> interface id, of every interface that has one. */
    Map<String, String> interfaceIds();

    /** Whether that device is on the bridge with that interface id. */
    boolean plugged(String device, String interfaceId);

    /** Puts an existing device on the bridge. */
    void plug(String device, String interfaceId, String mac, String instanceId);

    /** Makes a device of Open vSwitch itself on the bridge. */
    void plugInternal(String device, String interfaceId);

    /** Takes devices away; those that are not there count as taken. */
    void unplug(List<String> devices);

    /** Names of the devices that were plugged for an instance. */
    List<String> devicesOf(String instanceId);
}
