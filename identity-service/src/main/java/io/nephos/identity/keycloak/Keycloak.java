package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The realm in Keycloak, over its HTTP interface: the direct grant that says whether a password is right, and the few
 * operations on users that identity-service needs. Every call has a deadline; Keycloak away is a 503 fault.
 */
@ApplicationScoped
public class Keycloak {
    private static final Logger LOG = Logger.getLogger(Keycloak.class);
    private static final Duration DEADLINE = Duration.ofSeconds(8);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final String realm;
    private final String tokens;
    private final String admin;
    private final String clientId;
    private final String clientSecret;
    private volatile AdminToken adminToken = new AdminToken("", Instant.EPOCH);

    @Inject
    public Keycloak(
            @ConfigProperty(name = "nephos.keycloak.url") String url,
            @ConfigProperty(name = "nephos.keycloak.realm") String realm,
            @ConfigProperty(name = "nephos.keycloak.client-id") String clientId,
            @ConfigProperty(name = "nephos.keycloak.client-secret") String clientSecret) {
        this.realm = url + "/realms/" + realm;
        this.tokens = this.realm + "/protocol/openid-connect/token";
        this.admin = url + "/admin/realms/" + realm;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    /** Whether Keycloak lets the user of that name sign in with that password. Its own token is thrown away. */
    public boolean accepts(String username, String password) {
        HttpResponse<String> response =
                grant(Map.of("grant_type", "password", "username", username, "password", password));
        return switch (response.statusCode()) {
            case 200 -> true;
            case 400, 401 -> {
                String error = parse(response.body()).path("error").asText();
                if (!error.equals("invalid_grant")) {
                    throw away("refuses the client of identity-service: " + error);
                }
                yield false;
            }
            default -> throw away("answered " + response.statusCode());
        };
    }

    /** The realm can be asked now. */
    boolean answers() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(realm))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        HttpResponse<String> response = call("POST", "/partialImport", body);
        if (response.statusCode() == 409) {
            return false;
        }
        expect(response, 200);
        return true;
    }

    public Optional<KeycloakUser> find(String id) {
        HttpResponse<String> response = call("GET", "/users/" + id, null);
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        expect(response, 200);
        JsonNode user = parse(response.body());
        return Optional.of(new KeycloakUser(
                id, user.path("username").asText(), user.path("enabled").asBoolean()));
    }

    /** Names and enables the user as said. 404 fault when Keycloak does not have it. */
    public void update(KeycloakUser user) {
        ObjectNode body = json.createObjectNode();
        body.put("username", user.username()).put("enabled", user.enabled());
        expect(call("PUT", "/users/" + user.id(), body), 204);
    }

    /** 400 fault in Keycloak's words when the realm's password policy refuses it. */
    public void setPassword(String id, String password) {
        HttpResponse<String> response = call("PUT", "/users/" + id + "/reset-password", credential(password));
        if (response.statusCode() == 400) {
            JsonNode error = parse(response.body());
            throw Fault.badRequest("The password does not match the requirements: "
                    + error.path("error_description")
                            .asText(error.path("errorMessage").asText("refused")));
        }
        expect(response, 204);
    }

    /** Also when it is gone already. */
    public void delete(String id) {
        HttpResponse<String> response = call("DELETE", "/users/" + id, null);
        if (response.statusCode() != 404) {
            expect(response, 204);
        }
    }

    /** Lets the user try again whatever he tried wrongly before. */
    public void clearFailures(String id) {
        HttpResponse<String> response = call("DELETE", "/attack-detection/brute-force/users/" + id, null);
        if (response.statusCode() != 404) {
            expect(response, 204);
        }
    }

    /** The named settings of the realm, by Keycloak's names; all others stay. */
    void updateRealm(ObjectNode settings) {
        expect(call("PUT", "", settings), 204);
    }

    private ObjectNode credential(String password) {
        return json.createObjectNode()
                .put("type", "password")
                .put("value", password)
                .put("temporary", false);
    }

    private HttpResponse<String> grant(Map<String, String> parameters) {
        String form = parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        String client = "&client_id=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8) + "&client_secret="
                + URLEncoder.encode(clientSecret, StandardCharsets.UTF_8);
        return send(HttpRequest.newBuilder(URI.create(tokens))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form + client)));
    }

    private HttpResponse<String> call(String method, String path, @Nullable JsonNode body) {
        HttpResponse<String> response = callOnce(method, path, body);
        if (response.statusCode() == 401) {
            adminToken = new AdminToken("", Instant.EPOCH);
            response = callOnce(method, path, body);
        }
        return response;
    }

    private HttpResponse<String> callOnce(String method, String path, @Nullable JsonNode body) {
        return send(HttpRequest.newBuilder(URI.create(admin + path))
                .header("Authorization", "Bearer " + adminToken())
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private String adminToken() {
        AdminToken known = adminToken;
        if (known.until().isAfter(Instant.now())) {
            return known.value();
        }
        HttpResponse<String> response = grant(Map.of("grant_type", "client_credentials"));
        expect(response, 200);
        JsonNode body = parse(response.body());
        AdminToken fresh = new AdminToken(
                body.path("access_token").asText(),
                Instant.now().plusSeconds(Math.max(1, body.path("expires_in").asLong() - 10)));
        adminToken = fresh;
        return fresh.value();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw away("does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("was not waited for");
        }
    }

    private JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (IOException e) {
            throw away("answered something that is not JSON");
        }
    }

    private static void expect(HttpResponse<String> response, int status) {
        if (response.statusCode() == 404) {
            throw Fault.notFound("Keycloak does not have it.");
        }
        if (response.statusCode() != status) {
            throw away("answered " + response.statusCode() + " instead of " + status);
        }
    }

    private static FaultException away(String why) {
        LOG.warnf("Keycloak %s", why);
        return Fault.unavailable("The service that keeps the passwords is not available.");
    }

    private record AdminToken(String value, Instant until) {}
}
