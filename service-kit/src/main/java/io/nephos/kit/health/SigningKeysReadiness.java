package io.nephos.kit.health;

import io.nephos.kit.background.Background;
import io.nephos.kit.token.SigningKeys;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the keys that tokens are signed with are known: the first request does not wait for identity-service, or fail. */
@Readiness
@ApplicationScoped
public class SigningKeysReadiness implements HealthCheck {
    private final SigningKeys keys;
    private final Background background;
    private volatile boolean known;

    @Inject
    public SigningKeysReadiness(SigningKeys keys, Background background) {
        this.keys = keys;
        this.background = background;
    }

    void start(@Observes StartupEvent event) {
        background.once("signing-keys", () -> {
            keys.learn();
            known = true;
        });
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("signing-keys").status(known).build();
    }
}
