package io.nephos.compute.peer;

import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** scheduler-service: hosts, and what servers hold on them. */
@ApplicationScoped
public class Scheduler {
    private final Peers peers;

    @Inject
    public Scheduler(Peers peers) {
        this.peers = peers;
    }

    public ClaimResponse claim(ClaimRequest request) {
        return stub(20).claim(request);
    }

    public void release(String serverId) {
        stub(10).release(ReleaseRequest.newBuilder().setConsumerId(serverId).build());
    }

    /** All hosts when no name is given. */
    public List<HostStatus> hosts(List<String> names) {
        return stub(5).listHosts(
                        ListHostsRequest.newBuilder().addAllNames(names).build())
                .getHostsList();
    }

    private SchedulerGrpc.SchedulerBlockingStub stub(int seconds) {
        return SchedulerGrpc.newBlockingStub(peers.channel("scheduler")).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }
}
