package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.user.SecurityCompliance;
import io.nephos.kit.background.Background;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * What the configuration asks of the realm itself: lock-out after wrong passwords (Keycloak's brute force detection, so that
 * it counts in its own console as well) and the strength of passwords. What is not configured stays as the operator of
 * Keycloak has it. With lock-out on, Keycloak refuses the second of two sign-ins of one user at the same time, unless its own
 * option {@code spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests} says otherwise.
 */
@ApplicationScoped
public class Realm {
    private final Keycloak keycloak;
    private final SecurityCompliance rules;

    @Inject
    public Realm(Keycloak keycloak, SecurityCompliance rules) {
        this.keycloak = keycloak;
        this.rules = rules;
    }

    void start(@Observes StartupEvent event, Background background) {
        ObjectNode wanted = wanted(rules);
        if (!wanted.isEmpty()) {
            background.once("realm", () -> keycloak.updateRealm(wanted));
        }
    }

    static ObjectNode wanted(SecurityCompliance rules) {
        ObjectNode realm = JsonNodeFactory.instance.objectNode();
        rules.lockoutFailureAttempts().ifPresent(attempts -> {
            realm.put("bruteForceProtected", true).put("permanentLockout", false);
            realm.put("failureFactor", attempts);
            realm.put("waitIncrementSeconds", rules.lockoutDuration());
            realm.put("maxFailureWaitSeconds", rules.lockoutDuration());
            // As in Keystone, who has waited starts from none; and two failures at once are no more than two failures.
            realm.put("maxDeltaTimeSeconds", rules.lockoutDuration());
            realm.put("quickLoginCheckMilliSeconds", 0).put("minimumQuickLoginWaitSeconds", 0);
        });
        rules.passwordRegex().ifPresent(regex -> realm.put("passwordPolicy", "regexPattern(" + regex + ")"));
        return realm;
    }
}
