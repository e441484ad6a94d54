package io.nephos.identity.keycloak;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Tells whether Keycloak answers. Its absence does not make this service unready: tokens go on being checked and explained,
 * only sign-in with a password and changes of users wait.
 */
@Readiness
@ApplicationScoped
public class KeycloakReadiness implements HealthCheck {
    private final Keycloak keycloak;

    @Inject
    public KeycloakReadiness(Keycloak keycloak) {
        this.keycloak = keycloak;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("keycloak")
                .up()
                .withData("answers", keycloak.answers())
                .build();
    }
}
