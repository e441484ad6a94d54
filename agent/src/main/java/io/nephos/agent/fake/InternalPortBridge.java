package io.nephos.agent.fake;

import io.nephos.agent.ovs.IntegrationBridge;
import io.nephos.agent.ovs.OvsBridge;
import java.util.List;
import java.util.Map;

/**
 * A real bridge for guests that have no taps: each port is a device of Open vSwitch itself, so that OVN binds it and says it
 * is up as it does for a real guest.
 */
public final class InternalPortBridge implements IntegrationBridge {
    private final OvsBridge bridge;

    public InternalPortBridge(OvsBridge bridge) {
        this.bridge = bridge;
    }

    @Override
    public void check() {
        bridge.check();
    }

    @Override
    public Map<String, String> interfaceIds() {
        return bridge.interfaceIds();
    }

    @Override
    public boolean plugged(String device, String interfaceId) {
        return bridge.plugged(device, interfaceId);
    }

    @Override
    public void plug(String device, String interfaceId, String mac, String instanceId) {
        bridge.plugInternal(device, interfaceId, instanceId);
    }

    @Override
    public void plugInternal(String device, String interfaceId) {
        bridge.plugInternal(device, interfaceId);
    }

    @Override
    public void unplug(List<String> devices) {
        bridge.unplug(devices);
    }

    @Override
    public List<String> devicesOf(String instanceId) {
        return bridge.devicesOf(instanceId);
    }
}
