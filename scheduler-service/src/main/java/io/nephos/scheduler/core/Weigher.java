package io.nephos.scheduler.core;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** A preference, under Nova's name: raw values are scaled to 0..1 over the hosts in question, then multiplied. */
record Weigher(String name, ToDoubleFunction<Weights> multiplier, ToDoubleBiFunction<Host, Request> value) {

    static final List<Weigher> ALL = List.of(
            new Weigher("RAMWeigher", Weights::ram, (host, request) -> host.free("MEMORY_MB")),
            new Weigher("CPUWeigher", Weights::cpu, (host, request) -> host.free("VCPU")),
            new Weigher("DiskWeigher", Weights::disk, (host, request) -> host.free("DISK_GB")),
            new Weigher(
                    "ServerGroupSoftAffinityWeigher",
                    Weights::softAffinity,
                    (host, request) -> members(host, request, ServerGroup.Policy.SOFT_AFFINITY)),
            new Weigher(
                    "ServerGroupSoftAntiAffinityWeigher",
                    Weights::softAntiAffinity,
                    (host, request) -> -members(host, request, ServerGroup.Policy.SOFT_ANTI_AFFINITY)));

    /** Adds this weigher's share to the score of each host. */
    void addTo(double[] scores, List<Host> hosts, Request request, Weights weights) {
        double factor = multiplier.applyAsDouble(weights);
        if (factor == 0 || hosts.size() < 2) {
            return;
        }
        double[] raw = new double[hosts.size()];
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < raw.length; i++) {
            raw[i] = value.applyAsDouble(hosts.get(i), request);
            least = Math.min(least, raw[i]);
            most = Math.max(most, raw[i]);
        }
        if (most == least) {
            return;
        }
        for (int i = 0; i < raw.length; i++) {
            scores[i] += factor * (raw[i] - least) / (most - least);
        }
    }

    private static int members(Host host, Request request, ServerGroup.Policy policy) {
        return request.serverGroup()
                .filter(group -> group.policy() == policy)
                .map(group -> group.membersOn(host))
                .orElse(0);
    }
}
