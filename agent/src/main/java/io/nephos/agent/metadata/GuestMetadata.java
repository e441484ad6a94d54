package io.nephos.agent.metadata;

import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.PortSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which instance asks, and what it is told. Filled from what the agent keeps; needs nobody else. One change at a time: the
 * last instance of a network that goes must not take the place away from one that comes.
 */
public final class GuestMetadata {
    private final MetadataNetworks networks;
    private final Map<String, InstanceSpec> instances = new ConcurrentHashMap<>();
    /** Network -> MTU, of those that were found to answer; {@link #keep} looks after them from then on. */
    private final Map<String, Integer> served = new HashMap<>();

    public GuestMetadata(MetadataNetworks networks) {
        this.networks = networks;
    }

    /** Takes in what is known at start; its networks follow with the next {@link #keep}. */
    public void recall(InstanceSpec instance) {
        instances.put(instance.getId(), instance);
    }

    /** From here on the instance's networks answer with this. */
    public synchronized void serve(InstanceSpec instance) {
        Set<String> before = networksOf(instances.get(instance.getId()));
        instances.put(instance.getId(), instance);
        Map<String, Integer> wanted = wanted();
        Set<String> now = networksOf(instance);
        for (String network : now) {
            int mtu = wanted.getOrDefault(network, 0);
            if (!Integer.valueOf(mtu).equals(served.get(network))) {
                networks.ensure(network, mtu);
                served.put(network, mtu);
            }
        }
        before.removeAll(now);
        releaseUnless(wanted, before);
    }

    public synchronized void forget(String id) {
        releaseUnless(wantedWithout(id), networksOf(instances.get(id)));
        instances.remove(id);
    }

    private void releaseUnless(Map<String, Integer> wanted, Set<String> candidates) {
        candidates.stream().filter(network -> !wanted.containsKey(network)).forEach(network -> {
            served.remove(network);
            networks.release(network);
        });
    }

    /** Repairs what has come apart since. */
    public synchronized void keep() {
        Map<String, Integer> wanted = wanted();
        served.clear();
        networks.keep(wanted);
        served.putAll(wanted);
    }

    public synchronized void quiesce() {
        served.clear();
        networks.quiesce();
    }

    /** The instance with that address on that network. */
    Optional<InstanceSpec> find(String networkId, String address) {
        return instances.values().stream()
                .filter(instance -> instance.getPortsList().stream()
                        .anyMatch(port -> port.getNetworkId().equals(networkId)
                                && port.getFixedIpsList().contains(address)))
                .findFirst();
    }

    private Map<String, Integer> wanted() {
        return wantedWithout("");
    }

    /** Network -> smallest MTU that a port on it was given. */
    private Map<String, Integer> wantedWithout(String id) {
        Map<String, Integer> wanted = new HashMap<>();
        for (InstanceSpec instance : instances.values()) {
            if (!instance.getId().equals(id)) {
                for (PortSpec port : instance.getPortsList()) {
                    wanted.merge(
                            port.getNetworkId(),
                            port.getMtu(),
                            (one, other) -> one == 0 ? other : other == 0 ? one : Math.min(one, other));
                }
            }
        }
        return wanted;
    }

    private static Set<String> networksOf(@org.jspecify.annotations.Nullable InstanceSpec instance) {
        Set<String> ids = new HashSet<>();
        if (instance != null) {
            instance.getPortsList().forEach(port -> ids.add(port.getNetworkId()));
        }
        return ids;
    }
}
