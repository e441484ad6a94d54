package io.nephos.identity.user;

import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.keycloak.KeycloakUser;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Whether a password is right, as Keycloak says. A wrong one takes the same time whoever it is of. */
@ApplicationScoped
public class Passwords {
    /** No domain has this id, so Keycloak has no such user; asking for it takes as long as for one that is there. */
    private static final String NOBODY = "-";

    private final Keycloak keycloak;

    @Inject
    public Passwords(Keycloak keycloak) {
        this.keycloak = keycloak;
    }

    /** With the passcode for his device, if he has one in Keycloak. */
    public boolean right(UserRow row, String password, Optional<String> passcode) {
        if (row.hasPassword) {
            return keycloak.accepts(row.username(), password, passcode);
        }
        // Keycloak hashes nothing for who has no password there, and would tell of him by its haste.
        Thread beside = Thread.ofVirtual().start(() -> {
            try {
                nobodys(row.name, password);
            } catch (FaultException away) {
                // The question that counts says so.
            }
        });
        boolean right = keycloak.accepts(row.username(), password, passcode);
        if (!right) {
            try {
                beside.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return right;
    }

    /** False, after as long as it takes to say so of a user. */
    public boolean nobodys(String name, String password) {
        keycloak.accepts(KeycloakUser.username(NOBODY, name), password);
        return false;
    }
}
