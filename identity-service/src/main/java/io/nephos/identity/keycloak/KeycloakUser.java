package io.nephos.identity.keycloak;

import java.util.Locale;

/** What identity-service and Keycloak must agree on about a user; Keycloak keeps names in lower case. */
public record KeycloakUser(String id, String username, boolean enabled) {
    /** "{@code <domain id>/<name>}", in lower case: unique in the one realm as the name is in its domain. */
    public static String username(String domainId, String name) {
        return domainId + "/" + name.toLowerCase(Locale.ROOT);
    }
}
