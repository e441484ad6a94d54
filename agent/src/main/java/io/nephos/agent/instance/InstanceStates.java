package io.nephos.agent.instance;

import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.agent.v1.PowerState;
import java.util.Map;
import java.util.TreeMap;

/** What is on this host, in the words of the contract. */
public final class InstanceStates {
    private final Hypervisor hypervisor;
    private final InstanceStore store;
    private final InstanceLocks locks;

    InstanceStates(Hypervisor hypervisor, InstanceStore store, InstanceLocks locks) {
        this.hypervisor = hypervisor;
        this.store = store;
        this.locks = locks;
    }

    /** By id: every domain, and every instance that is only begun (generation 0, off). */
    public Map<String, InstanceState> all() {
        Map<String, InstanceState> states = new TreeMap<>();
        for (String id : store.ids()) {
            states.put(
                    id,
                    InstanceState.newBuilder()
                            .setId(id)
                            .setPowerState(PowerState.POWER_STATE_SHUTOFF)
                            .setDomainName(
                                    store.spec(id).map(InstanceSpec::getName).orElse(""))
                            .build());
        }
        hypervisor.list().forEach(domain -> states.put(domain.id(), of(domain)));
        return states;
    }

    /** Whether a call is at work on it, so that what is seen may be a passing state. */
    public boolean busy(String id) {
        return locks.busy(id);
    }

    static InstanceState of(ObservedDomain domain) {
        return InstanceState.newBuilder()
                .setId(domain.id())
                .setGeneration(domain.generation())
                .setPowerState(power(domain.power()))
                .setDomainName(domain.name())
                .addAllPortIds(
                        domain.devices().ports().stream().map(PortDevice::id).toList())
                .addAllAttachmentIds(domain.devices().volumes().stream()
                        .map(VolumeDevice::attachmentId)
                        .toList())
                .build();
    }

    private static PowerState power(Power power) {
        return switch (power) {
            case RUNNING -> PowerState.POWER_STATE_RUNNING;
            case PAUSED -> PowerState.POWER_STATE_PAUSED;
            case SUSPENDED -> PowerState.POWER_STATE_SUSPENDED;
            case SHUTOFF -> PowerState.POWER_STATE_SHUTOFF;
            case CRASHED -> PowerState.POWER_STATE_CRASHED;
        };
    }
}
