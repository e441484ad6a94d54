package io.nephos.network.ovn;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Says whether OVN's databases are followed now. */
@Readiness
@ApplicationScoped
public class OvnReadiness implements HealthCheck {
    private final Northbound northbound;
    private final Southbound southbound;

    @Inject
    public OvnReadiness(Northbound northbound, Southbound southbound) {
        this.northbound = northbound;
        this.southbound = southbound;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("ovn")
                .status(northbound.ready() && southbound.ready())
                .withData("northbound", northbound.ready())
                .withData("southbound", southbound.ready())
                .build();
    }
}
