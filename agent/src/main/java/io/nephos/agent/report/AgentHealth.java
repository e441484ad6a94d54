package io.nephos.agent.report;

import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.ovs.IntegrationBridge;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the agent can do its work: it asks libvirt and Open vSwitch each time. */
@ApplicationScoped
public class AgentHealth {
    private final Hypervisor hypervisor;
    private final IntegrationBridge bridge;

    @Inject
    public AgentHealth(Hypervisor hypervisor, IntegrationBridge bridge) {
        this.hypervisor = hypervisor;
        this.bridge = bridge;
    }

    @Produces
    @Readiness
    HealthCheck hypervisorCheck() {
        return () -> check("hypervisor", hypervisor::check);
    }

    @Produces
    @Readiness
    HealthCheck bridgeCheck() {
        return () -> check("open-vswitch", bridge::check);
    }

    private static HealthCheckResponse check(String name, Runnable check) {
        try {
            check.run();
            return HealthCheckResponse.up(name);
        } catch (RuntimeException e) {
            return HealthCheckResponse.named(name)
                    .down()
                    .withData("error", String.valueOf(e.getMessage()))
                    .build();
        }
    }
}
