package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The users of the realm in Keycloak: the direct grant that says whether a password is right, and the few operations that
 * identity-service needs. Every call has a deadline; Keycloak away is a 503 fault.
 */
@ApplicationScoped
public class Keycloak {
    private final ObjectMapper json = new ObjectMapper();
    private final KeycloakHttp http;

    @Inject
    public Keycloak(KeycloakHttp http) {
        this.http = http;
    }

    /** As {@link #accepts(String, String, Optional)}, of a user who has no second factor in Keycloak. */
    public boolean accepts(String username, String password) {
        return accepts(username, password, Optional.empty());
    }

    /**
     * Whether Keycloak lets the user of that name sign in with that password, and with that passcode if he has a device for
     * one in Keycloak; who has none is not asked for one, whatever was shown. Its own token is thrown away. Costs the same for
     * a wrong password, a user who is not there, is disabled or is locked out; less for one without a password.
     */
    public boolean accepts(String username, String password, Optional<String> passcode) {
        Map<String, String> parameters =
                new HashMap<>(Map.of("grant_type", "password", "username", username, "password", password));
        passcode.ifPresent(shown -> parameters.put("totp", shown));
        HttpResponse<String> response = http.grant(parameters);
        return switch (response.statusCode()) {
            case 200 -> true;
            case 400, 401 -> {
                String error = http.parse(response.body()).path("error").asText();
                if (!error.equals("invalid_grant")) {
                    throw http.away("refuses the client of identity-service: " + error);
                }
                yield false;
            }
            default -> throw http.away("answered " + response.statusCode());
        };
    }

    /** The realm can be asked now. */
    boolean answers() {
        try {
            return http.sendOnce(HttpRequest.newBuilder(URI.create(http.realm()))
                                    .timeout(Duration.ofSeconds(2)))
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes a user with that id. False when the id or the name is taken. */
    public boolean create(String id, String username, String domainId, boolean enabled, Optional<String> password) {
        ObjectNode user = json.createObjectNode();
        user.put("id", id).put("username", username).put("enabled", enabled);
        user.putObject("attributes").putArray("domain_id").add(domainId);
        password.ifPresent(value -> user.putArray("credentials").add(credential(value)));
        ObjectNode body = json.createObjectNode().put("ifResourceExists", "FAIL");
        body.putArray("users").add(user);
        // The only way in that honours the id; POST users makes up its own.
        HttpResponse<String> response = http.call("POST", "/partialImport", body);
        if (response.statusCode() == 409) {
            return false;
        }
        http.expect(response, 200);
        return true;
    }

    public Optional<KeycloakUser> find(String id) {
        return arrival(id).map(Arrival::user);
    }

    /** As {@link #find}, with what says where the user belongs. */
    public Optional<Arrival> arrival(String id) {
        HttpResponse<String> response = http.call("GET", "/users/" + encoded(id), null);
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        http.expect(response, 200);
        return Optional.of(Arrival.of(http.parse(response.body())));
    }

    /** The user of exactly that name, wherever Keycloak has him from. */
    public Optional<Arrival> arrivalNamed(String username) {
        return users("?exact=true&max=2&username=" + encoded(username)).stream()
                .filter(one -> one.user().username().equalsIgnoreCase(username))
                .findFirst();
    }

    /** A page of all users of the realm, those of its federations included. */
    public List<Arrival> arrivals(int first, int max) {
        return users("?first=" + first + "&max=" + max);
    }

    /** He has a device for passcodes in Keycloak, so that {@link #accepts} said yes to his passcode as well. */
    public boolean asksForPasscode(String id) {
        return hasCredential(id, "otp");
    }

    /** He has a password in Keycloak itself, not only in a directory or with a provider behind it. */
    public boolean hasPassword(String id) {
        return hasCredential(id, "password");
    }

    private boolean hasCredential(String id, String type) {
        HttpResponse<String> response = http.call("GET", "/users/" + encoded(id) + "/credentials", null);
        if (response.statusCode() == 404) {
            return false;
        }
        http.expect(response, 200);
        return StreamSupport.stream(http.parse(response.body()).spliterator(), false)
                .anyMatch(one -> one.path("type").asText().equals(type));
    }

    private List<Arrival> users(String query) {
        HttpResponse<String> response = http.call("GET", "/users" + query + "&briefRepresentation=false", null);
        http.expect(response, 200);
        return StreamSupport.stream(http.parse(response.body()).spliterator(), false)
                .map(Arrival::of)
                .toList();
    }

    /** Names and enables the user as said. 404 fault when Keycloak does not have it, 400 when it may not be changed. */
    public void update(KeycloakUser user) {
        ObjectNode body = json.createObjectNode();
        body.put("username", user.username()).put("enabled", user.enabled());
        HttpResponse<String> response = http.call("PUT", "/users/" + encoded(user.id()), body);
        if (response.statusCode() == 400) {
            throw Fault.badRequest("Keycloak refuses to change the user: "
                    + http.parse(response.body()).path("errorMessage").asText("refused"));
        }
        http.expect(response, 204);
    }

    /** 400 fault in Keycloak's words when the realm's password policy refuses it. */
    public void setPassword(String id, String password) {
        HttpResponse<String> response =
                http.call("PUT", "/users/" + encoded(id) + "/reset-password", credential(password));
        if (response.statusCode() == 400) {
            JsonNode error = http.parse(response.body());
            throw Fault.badRequest("The password does not match the requirements: "
                    + error.path("error_description")
                            .asText(error.path("errorMessage").asText("refused")));
        }
        http.expect(response, 204);
    }

    /** Also when it is gone already. */
    public void delete(String id) {
        HttpResponse<String> response = http.call("DELETE", "/users/" + encoded(id), null);
        if (response.statusCode() != 404) {
            http.expect(response, 204);
        }
    }

    /** Lets the user try again whatever he tried wrongly before. */
    public void clearFailures(String id) {
        HttpResponse<String> response = http.call("DELETE", "/attack-detection/brute-force/users/" + encoded(id), null);
        if (response.statusCode() != 404) {
            http.expect(response, 204);
        }
    }

    /** The named settings of the realm, by Keycloak's names; all others stay. */
    void updateRealm(ObjectNode settings) {
        http.expect(http.call("PUT", "", settings), 204);
    }

    private ObjectNode credential(String password) {
        return json.createObjectNode()
                .put("type", "password")
                .put("value", password)
                .put("temporary", false);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
