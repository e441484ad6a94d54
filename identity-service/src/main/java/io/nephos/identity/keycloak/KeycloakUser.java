package io.nephos.identity.keycloak;

import java.util.Locale;

/** What identity-service and Keycloak must agree on about a user; Keycloak keeps names in lower case. */
public record KeycloakUser(String id, String username, boolean enabled) {
    /** "{@code <domain id>/<name>}", in lower case: unique in the one realm as the name is in its domain. */
    public static String username(String domainId, String name) {
        return (domainId + "/" + name).toLowerCase(Locale.ROOT);
    }

    /**
     * What both sides should have: each takes over what the other changed since they were last equal; where both changed,
     * ours counts. Pure.
     */
    public static KeycloakUser merged(KeycloakUser last, KeycloakUser ours, KeycloakUser theirs) {
        return new KeycloakUser(
                ours.id(),
                ours.username().equals(last.username()) ? theirs.username() : ours.username(),
                ours.enabled() == last.enabled() ? theirs.enabled() : ours.enabled());
    }
}
