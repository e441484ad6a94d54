package io.nephos.compute.peer;

import io.grpc.StatusRuntimeException;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimManyResponse;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.PutAggregateRequest;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.RemoveAggregateRequest;
import io.nephos.contracts.scheduler.v1.ReportBuildRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.contracts.scheduler.v1.SetHostEnabledRequest;
import io.nephos.contracts.scheduler.v1.SetHostForcedDownRequest;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** scheduler-service: hosts, and what servers hold on them. */
@ApplicationScoped
public class Scheduler {
    private static final Logger LOG = Logger.getLogger(Scheduler.class);
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

    public ClaimManyResponse claimMany(ClaimManyRequest request) {
        return stub(30).claimMany(request);
    }

    /** NOT_FOUND when there is no such host. */
    public HostStatus setEnabled(String host, boolean enabled, String reason) {
        return stub(10).setHostEnabled(SetHostEnabledRequest.newBuilder()
                .setHost(host)
                .setEnabled(enabled)
                .setReason(reason)
                .build());
    }

    /** NOT_FOUND when there is no such host. */
    public HostStatus setForcedDown(String host, boolean forcedDown) {
        return stub(10).setHostForcedDown(SetHostForcedDownRequest.newBuilder()
                .setHost(host)
                .setForcedDown(forcedDown)
                .build());
    }

    /** How a build on a host ended. Where the next one goes hangs on it a little: one that is not heard is no harm. */
    public void reportBuild(String host, boolean succeeded) {
        try {
            stub(5).reportBuild(ReportBuildRequest.newBuilder()
                    .setHost(host)
                    .setSucceeded(succeeded)
                    .build());
        } catch (StatusRuntimeException e) {
            LOG.debugf("The scheduler did not hear of a build on %s: %s", host, e.getMessage());
        }
    }

    public void putAggregate(String id, String name, Map<String, String> metadata, List<String> hosts) {
        stub(10).putAggregate(PutAggregateRequest.newBuilder()
                .setId(id)
                .setName(name)
                .putAllMetadata(metadata)
                .addAllHosts(hosts)
                .build());
    }

    public void removeAggregate(String id) {
        stub(10).removeAggregate(RemoveAggregateRequest.newBuilder().setId(id).build());
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
