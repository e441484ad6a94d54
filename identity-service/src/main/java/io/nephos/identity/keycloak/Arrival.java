package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A user as Keycloak has him, from its console, a federation or a broker, and what says to which domain he belongs.
 *
 * @param domainId his attribute {@code domain_id}, which only administrators and mappers of a federation write
 */
public record Arrival(KeycloakUser user, Optional<String> domainId) {
    /** A domain and a name in it. */
    public record Place(String domainId, String name) {}

    static Arrival of(JsonNode json) {
        return new Arrival(
                new KeycloakUser(
                        json.path("id").asText(),
                        json.path("username").asText(),
                        json.path("enabled").asBoolean()),
                Optional.of(json.path("attributes").path("domain_id").path(0).asText(""))
                        .filter(text -> !text.isEmpty()));
    }

    /** By the prefix of his username, else by his attribute, else the domain for all others. Pure. */
    public Place place(String otherwise, Predicate<String> isDomain) {
        int slash = user.username().indexOf('/');
        if (slash > 0
                && slash + 1 < user.username().length()
                && isDomain.test(user.username().substring(0, slash))) {
            return new Place(
                    user.username().substring(0, slash), user.username().substring(slash + 1));
        }
        return new Place(domainId.filter(isDomain).orElse(otherwise), user.username());
    }
}
