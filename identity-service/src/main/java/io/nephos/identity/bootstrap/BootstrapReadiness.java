package io.nephos.identity.bootstrap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when there is an admin who can sign in. */
@Readiness
@ApplicationScoped
public class BootstrapReadiness implements HealthCheck {
    private final Bootstrap bootstrap;

    @Inject
    public BootstrapReadiness(Bootstrap bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("bootstrap").status(bootstrap.done()).build();
    }
}
