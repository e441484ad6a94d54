package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Calls to the realm as its client identity-service, each with a deadline. Keycloak away is a 503 fault. */
@ApplicationScoped
class KeycloakHttp {
    private static final Logger LOG = Logger.getLogger(KeycloakHttp.class);
    private static final Duration DEADLINE = Duration.ofSeconds(8);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final MeterRegistry metrics;
    private final String realm;
    private final String admin;
    private final String clientId;
    private final String clientSecret;
    private volatile String ownClient = "";
    private volatile AdminToken adminToken = new AdminToken("", Instant.EPOCH);

    @Inject
    KeycloakHttp(
            MeterRegistry metrics,
            @ConfigProperty(name = "nephos.keycloak.url") String url,
            @ConfigProperty(name = "nephos.keycloak.realm") String realm,
            @ConfigProperty(name = "nephos.keycloak.client-id") String clientId,
            @ConfigProperty(name = "nephos.keycloak.client-secret") String clientSecret) {
        this.metrics = metrics;
        this.realm = url + "/realms/" + realm;
        this.admin = url + "/admin/realms/" + realm;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    String realm() {
        return realm;
    }

    String clientId() {
        return clientId;
    }

    /** The id, not the name, by which Keycloak's events call the client that we are. */
    String ownClient() {
        String known = ownClient;
        if (known.isEmpty()) {
            HttpResponse<String> response = call("GET", "/clients?" + encoded(Map.of("clientId", clientId)), null);
            expect(response, 200);
            known = parse(response.body()).path(0).path("id").asText();
            ownClient = known;
        }
        return known;
    }

    /** Made of the client's secret, so that every replica has the same and nobody else. */
    byte[] secretFor(String purpose) {
        return (purpose + '\0' + clientSecret).getBytes(StandardCharsets.UTF_8);
    }

    /** POST to the token endpoint. */
    HttpResponse<String> grant(Map<String, String> parameters) {
        metrics.counter("nephos.keycloak.grants", "type", parameters.getOrDefault("grant_type", ""))
                .increment();
        return form("/protocol/openid-connect/token", parameters);
    }

    /** POST of a form below the realm, with the client's own id and secret. */
    HttpResponse<String> form(String path, Map<String, String> parameters) {
        return form(path, parameters, Map.of("client_id", clientId, "client_secret", clientSecret));
    }

    HttpResponse<String> form(String path, Map<String, String> parameters, Map<String, String> client) {
        return send(HttpRequest.newBuilder(URI.create(realm + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(parameters) + "&" + encoded(client))));
    }

    static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** A call of the admin interface of the realm. */
    HttpResponse<String> call(String method, String path, @Nullable JsonNode body) {
        HttpResponse<String> response = callOnce(method, path, body);
        if (response.statusCode() == 401) {
            adminToken = new AdminToken("", Instant.EPOCH);
            response = callOnce(method, path, body);
        }
        return response;
    }

    /** A public document: keys, metadata. */
    JsonNode document(String url) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(url)));
        expect(response, 200);
        return parse(response.body());
    }

    HttpResponse<String> sendOnce(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
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

    JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (IOException e) {
            throw away("answered something that is not JSON");
        }
    }

    void expect(HttpResponse<String> response, int status) {
        if (response.statusCode() == 404) {
            throw Fault.notFound("Keycloak does not have it.");
        }
        if (response.statusCode() != status) {
            throw away("answered " + response.statusCode() + " instead of " + status);
        }
    }

    FaultException away(String why) {
        LOG.warnf("Keycloak %s", why);
        return Fault.unavailable("The service that keeps the passwords is not available.");
    }

    private record AdminToken(String value, Instant until) {}
}
