package io.nephos.agent.host;

import io.grpc.StatusRuntimeException;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.contracts.scheduler.v1.HeartbeatRequest;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc.HostReportsBlockingStub;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.rpc.Peers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the scheduler what this host has, at start and when it changes, and that it lives. A host whose hypervisor does
 * not answer is silent: nothing can be placed on it.
 */
@ApplicationScoped
public class HostReporter {
    private static final Logger LOG = Logger.getLogger(HostReporter.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final HostInventory inventory;
    private final Hypervisor hypervisor;
    private final Peers peers;
    private @Nullable Thread reporter;

    @Inject
    public HostReporter(HostInventory inventory, Hypervisor hypervisor, Peers peers) {
        this.inventory = inventory;
        this.hypervisor = hypervisor;
        this.peers = peers;
    }

    void start(@Observes StartupEvent event) {
        reporter = Thread.ofVirtual().name("host-reporter").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        if (reporter != null) {
            reporter.interrupt();
        }
    }

    private void run() {
        Host reported = Host.getDefaultInstance();
        Duration rest = RETRY;
        String told = "";
        while (true) {
            try {
                hypervisor.check();
                Host host = inventory.host();
                if (!host.equals(reported)) {
                    int seconds = stub().reportHost(
                                    ReportHostRequest.newBuilder().setHost(host).build())
                            .getHeartbeatSeconds();
                    rest = Duration.ofSeconds(Math.clamp(seconds, 1, 60));
                    LOG.infof(
                            "The scheduler knows this host: %s",
                            host.getInventoriesMap().toString().replaceAll("\\s+", " "));
                } else if (stub().heartbeat(HeartbeatRequest.newBuilder()
                                .setHostId(host.getId())
                                .setName(host.getName())
                                .build())
                        .getReportAgain()) {
                    reported = Host.getDefaultInstance();
                    continue;
                }
                reported = host;
                told = "";
                Thread.sleep(rest);
            } catch (StatusRuntimeException | HypervisorException e) {
                String message = e.getMessage()
                        + (e.getCause() == null ? "" : ": " + e.getCause().getMessage());
                if (!message.equals(told)) {
                    LOG.warnf("The scheduler does not hear of this host: %s", message);
                    told = message;
                }
                if (!pause()) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("the host's report failed", e);
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private HostReportsBlockingStub stub() {
        return HostReportsGrpc.newBlockingStub(peers.channel("scheduler")).withDeadlineAfter(5, TimeUnit.SECONDS);
    }
}
