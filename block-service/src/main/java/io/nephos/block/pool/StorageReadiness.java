package io.nephos.block.pool;

import io.nephos.block.backend.Exporter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while volumes cannot be exported. */
@Readiness
@ApplicationScoped
public class StorageReadiness implements HealthCheck {
    private final Exporter exporter;

    @Inject
    public StorageReadiness(Exporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("storage-daemon")
                .status(exporter.available())
                .build();
    }
}
