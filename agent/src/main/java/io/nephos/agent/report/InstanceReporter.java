package io.nephos.agent.report;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.nephos.agent.AgentConfig;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.agent.instance.InstanceParts;
import io.nephos.agent.instance.InstanceService;
import io.nephos.agent.instance.InstanceStates;
import io.nephos.contracts.compute.v1.InstanceReportsGrpc;
import io.nephos.contracts.compute.v1.ReportInstancesRequest;
import io.nephos.contracts.compute.v1.ReportInstancesResponse;
import io.nephos.rpc.Peers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells compute what runs here: all of it at start and now and then, changes as libvirt's events and a look around show
 * them. What compute calls an orphan is removed, or only shown, by {@code nephos.agent.orphans}.
 */
@ApplicationScoped
public class InstanceReporter {
    private static final Logger LOG = Logger.getLogger(InstanceReporter.class);
    // Events come in bunches: one look is enough for those that come while it waits.
    private static final Duration GATHER = Duration.ofMillis(100);

    private final AgentConfig config;
    private final InstanceStates states;
    private final InstanceService instances;
    private final Hypervisor hypervisor;
    private final Peers peers;
    private final Changes changes = new Changes();
    private final Semaphore wake = new Semaphore(0);
    private final AtomicInteger count;
    private @Nullable Thread reporter;

    @Inject
    public InstanceReporter(
            AgentConfig config,
            InstanceParts parts,
            InstanceService instances,
            Hypervisor hypervisor,
            Peers peers,
            MeterRegistry meters) {
        this.config = config;
        this.states = parts.states();
        this.instances = instances;
        this.hypervisor = hypervisor;
        this.peers = peers;
        this.count = meters.gauge("nephos.agent.instances", new AtomicInteger());
    }

    void start(@Observes StartupEvent event) {
        hypervisor.onChange(id -> wake.release());
        reporter = Thread.ofVirtual().name("instance-reporter").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        if (reporter != null) {
            reporter.interrupt();
        }
    }

    private void run() {
        Instant nextFull = Instant.MIN;
        String told = "";
        while (true) {
            try {
                if (report(Instant.now().isAfter(nextFull))) {
                    nextFull = Instant.now().plus(config.reports().fullEvery());
                }
                told = "";
            } catch (StatusRuntimeException | HypervisorException e) {
                nextFull = Instant.MIN;
                String message = e.getMessage()
                        + (e.getCause() == null ? "" : ": " + e.getCause().getMessage());
                if (!message.equals(told)) {
                    LOG.warnf("compute does not hear what runs here: %s", message);
                    told = message;
                }
            } catch (RuntimeException e) {
                LOG.error("the report of instances failed", e);
            }
            try {
                if (wake.tryAcquire(config.reports().pollEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                    Thread.sleep(GATHER);
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** True when all was told. */
    private boolean report(boolean full) {
        var observed = states.all();
        if (count != null) {
            count.set(observed.size());
        }
        Changes.Report report = changes.next(observed, states::busy, full);
        if (report.empty()) {
            return false;
        }
        ReportInstancesResponse answer = InstanceReportsGrpc.newBlockingStub(peers.channel("compute"))
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .reportInstances(ReportInstancesRequest.newBuilder()
                        .setHost(config.host())
                        .setFull(report.full())
                        .addAllInstances(report.instances())
                        .build());
        changes.acknowledged(report);
        answer.getOrphanIdsList().forEach(this::orphan);
        return report.full();
    }

    private void orphan(String id) {
        if (!config.orphans().equals("remove")) {
            LOG.warnf("Instance %s runs here and no row of compute asks for it", id);
            return;
        }
        LOG.warnf("Instance %s is removed: no row of compute asks for it", id);
        try {
            instances.remove(id);
        } catch (RuntimeException e) {
            LOG.errorf("Orphan %s could not be removed: %s", id, e.getMessage());
        }
    }
}
