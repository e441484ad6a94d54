package io.nephos.compute.server;

import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.peer.Scheduler;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Predicate;

/** Where a request sends its servers: who may say so, and whether it is there. */
@ApplicationScoped
public class Destinations {
    private final Policy policy;
    private final Scheduler scheduler;

    @Inject
    public Destinations(Policy policy, Scheduler scheduler) {
        this.policy = policy;
        this.scheduler = scheduler;
    }

    /** The availability zone, and for administrators a host: in the zone's name, or since 2.74 by fields of its own. */
    Destination of(ServerRequest request, Caller caller) {
        Destination wanted = Destination.of(request.zone());
        if (wanted.isForced()) {
            policy.require("os_compute_api:servers:create:forced_host", caller, caller.project());
        }
        if (!request.host().isEmpty() || !request.node().isEmpty()) {
            policy.require("os_compute_api:servers:create:requested_destination", caller, caller.project());
            if (wanted.isForced()) {
                throw Fault.badRequest("Unable to use host or hypervisor_hostname together with an availability zone"
                        + " that names a host.");
            }
            wanted = new Destination(wanted.zone(), request.host(), request.node());
        }
        if (!wanted.equals(Destination.ANY)) {
            mustExist(wanted);
        }
        return wanted;
    }

    private void mustExist(Destination wanted) {
        List<HostStatus> known = scheduler.hosts(List.of());
        if (!wanted.zone().isEmpty()
                && lacks(known, host -> host.getHost().getAvailabilityZone().equals(wanted.zone()))) {
            throw Fault.badRequest("The requested availability zone is not available");
        }
        if (!wanted.host().isEmpty()
                && lacks(known, host -> host.getHost().getName().equals(wanted.host()))) {
            throw Fault.badRequest("Compute host " + wanted.host() + " could not be found.");
        }
        if (!wanted.node().isEmpty()
                && lacks(known, host -> HostDirectory.node(host).equals(wanted.node()))) {
            throw Fault.badRequest("Compute host " + wanted.node() + " could not be found.");
        }
    }

    private static boolean lacks(List<HostStatus> known, Predicate<HostStatus> wanted) {
        return known.stream().noneMatch(wanted);
    }
}
