package io.nephos.agent.fake;

import io.nephos.agent.ovs.IntegrationBridge;
import java.util.List;
import java.util.Map;

/** No bridge: the fake hypervisor's ports are plugged nowhere. */
public final class FakeBridge implements IntegrationBridge {
    @Override
    public void check() {}

    @Override
    public Map<String, String> interfaceIds() {
        return Map.of();
    }

    @Override
    public boolean plugged(String device, String interfaceId) {
        return true;
    }

    @Override
    public void plug(String device, String interfaceId, String mac, String instanceId) {}

    @Override
    public void plugInternal(String device, String interfaceId) {}

    @Override
    public void unplug(List<String> devices) {}

    @Override
    public List<String> devicesOf(String instanceId) {
        return List.of();
    }
}
