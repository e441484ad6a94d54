package io.nephos.kit.health;

import io.nephos.kit.token.Revocations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the revocation feed was read once: before that no token can be judged. */
@Readiness
@ApplicationScoped
public class RevocationFeedReadiness implements HealthCheck {
    private final Revocations revocations;

    @Inject
    public RevocationFeedReadiness(Revocations revocations) {
        this.revocations = revocations;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("revocation-feed")
                .status(revocations.caughtUp())
                .build();
    }
}
