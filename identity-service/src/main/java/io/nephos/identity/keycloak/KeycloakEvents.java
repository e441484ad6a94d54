package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was done to users in Keycloak by others than us: in its console, by its account pages, by lock-out. */
@ApplicationScoped
public class KeycloakEvents {
    private static final int PAGE = 200;
    private static final Pattern USER = Pattern.compile("users/([^/]+)(/.*)?");

    /** Signing in and out is left out, or Keycloak would write a row for each. */
    private static final List<String> KEPT = List.of(
            "REGISTER",
            "UPDATE_PROFILE",
            "UPDATE_PASSWORD",
            "UPDATE_CREDENTIAL",
            "REMOVE_CREDENTIAL",
            "RESET_PASSWORD",
            "DELETE_ACCOUNT",
            "IDENTITY_PROVIDER_FIRST_LOGIN",
            "USER_DISABLED_BY_PERMANENT_LOCKOUT");

    private static final Set<String> OF_PASSWORDS =
            Set.of("UPDATE_PASSWORD", "UPDATE_CREDENTIAL", "REMOVE_CREDENTIAL", "RESET_PASSWORD");
    private static final long KEPT_SECONDS = 86_400;

    private final KeycloakHttp http;

    @Inject
    public KeycloakEvents(KeycloakHttp http) {
        this.http = http;
    }

    /** @param password it was his password that changed, so that tokens it gave are no longer good */
    public record Happened(String eventId, Instant at, String userId, boolean password) {}

    /** Has the realm write down what {@link #since} reads. */
    public void enable() {
        HttpResponse<String> response = http.call("GET", "/events/config", null);
        http.expect(response, 200);
        ObjectNode config = (ObjectNode) http.parse(response.body());
        Set<String> types = new TreeSet<>(KEPT);
        if (config.path("eventsEnabled").asBoolean()) {
            config.path("enabledEventTypes").forEach(type -> types.add(type.asText()));
        } else {
            config.put("eventsExpiration", KEPT_SECONDS);
        }
        boolean complete = config.path("eventsEnabled").asBoolean()
                && config.path("adminEventsEnabled").asBoolean()
                && config.path("enabledEventTypes").size() == types.size();
        if (!complete) {
            config.put("eventsEnabled", true).put("adminEventsEnabled", true);
            types.forEach(config.putArray("enabledEventTypes")::add);
            http.expect(http.call("PUT", "/events/config", config), 204);
        }
    }

    /** The oldest first. */
    public List<Happened> since(Instant moment) {
        List<Happened> all = new ArrayList<>();
        String when = "dateFrom=" + moment.toEpochMilli() + "&direction=asc&max=" + PAGE;
        for (int first = 0; ; first += PAGE) {
            JsonNode page = page("/admin-events?resourceTypes=USER&" + when + "&first=" + first);
            page.forEach(event -> ofAdmin(event, all));
            if (page.size() < PAGE) {
                break;
            }
        }
        for (int first = 0; ; first += PAGE) {
            JsonNode page = page("/events?" + when + "&first=" + first);
            page.forEach(event -> ofUser(event, all));
            if (page.size() < PAGE) {
                break;
            }
        }
        return all;
    }

    private JsonNode page(String path) {
        HttpResponse<String> response = http.call("GET", path, null);
        http.expect(response, 200);
        return http.parse(response.body());
    }

    private void ofAdmin(JsonNode event, List<Happened> all) {
        Matcher path = USER.matcher(event.path("resourcePath").asText());
        if (!path.matches()
                || http.ownClient()
                        .equals(event.path("authDetails").path("clientId").asText())) {
            return;
        }
        String rest = path.group(2) == null ? "" : path.group(2);
        boolean password = rest.startsWith("/reset-password") || rest.startsWith("/credentials");
        if (rest.isEmpty() || password) {
            all.add(new Happened(id(event), at(event), path.group(1), password));
        }
    }

    private static void ofUser(JsonNode event, List<Happened> all) {
        String user = event.path("userId").asText("");
        String type = event.path("type").asText();
        if (!user.isEmpty() && KEPT.contains(type) && !event.has("error")) {
            all.add(new Happened(id(event), at(event), user, OF_PASSWORDS.contains(type)));
        }
    }

    private static String id(JsonNode event) {
        return event.path("id").asText(event.toString());
    }

    private static Instant at(JsonNode event) {
        return Instant.ofEpochMilli(event.path("time").asLong());
    }
}
