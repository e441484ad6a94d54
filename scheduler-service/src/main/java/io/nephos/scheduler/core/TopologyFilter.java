package io.nephos.scheduler.core;

import java.util.Optional;
import java.util.function.Predicate;

/** Nova's filter for guests that are to have NUMA nodes. What they are is spelled out in texts, so it is read once. */
final class TopologyFilter implements Filter {
    @Override
    public String name() {
        return "NUMATopologyFilter";
    }

    @Override
    public boolean concerns(Request request) {
        return Topology.of(request).isPresent();
    }

    @Override
    public boolean passes(Host host, Request request) {
        return asked(request).test(host);
    }

    @Override
    public Predicate<Host> asked(Request request) {
        Optional<Topology> topology = Topology.of(request);
        return host -> topology.isEmpty() || topology.get().fits(host);
    }

    @Override
    public String loss(Request request) {
        return "have no NUMA cells with room for "
                + Topology.of(request).map(Topology::shown).orElse("the flavor's topology");
    }
}
