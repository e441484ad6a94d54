package io.nephos.compute.securitygroup;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** network-service's own API with the token of whoever asks: what they may do there is decided there. */
@ApplicationScoped
public class NetworkApi {
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String root;

    @Inject
    public NetworkApi(
            @ConfigProperty(name = "nephos.compute.network.url", defaultValue = "http://127.0.0.1:9696") String root) {
        this.root = root;
    }

    JsonNode get(String token, String path) {
        return send(token, path, "GET", "");
    }

    JsonNode post(String token, String path, JsonNode body) {
        return send(token, path, "POST", body.toString());
    }

    JsonNode put(String token, String path, JsonNode body) {
        return send(token, path, "PUT", body.toString());
    }

    void delete(String token, String path) {
        send(token, path, "DELETE", "");
    }

    private JsonNode send(String token, String path, String method, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + "/v2.0/" + path))
                .timeout(Duration.ofSeconds(10))
                .header("X-Auth-Token", token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw refused(response);
            }
            return response.body().isEmpty() ? Json.NODES.objectNode() : Json.tree(response.body());
        } catch (IOException e) {
            throw Fault.unavailable("The network service does not answer.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The service stops.");
        }
    }

    private static RuntimeException refused(HttpResponse<String> response) {
        String message = message(response.body());
        return switch (response.statusCode()) {
            case 400 -> Fault.badRequest(message);
            case 401 -> new Fault.Unauthorized("", message).asException();
            case 403 -> Fault.forbidden(message);
            case 404 -> Fault.notFound(message);
            case 409 ->
                message.toLowerCase(java.util.Locale.ROOT).contains("quota")
                        ? Fault.overLimit("", message)
                        : Fault.conflict(message);
            case 503 -> Fault.unavailable(message);
            default -> new Fault.Unexpected("", message).asException();
        };
    }

    private static String message(String body) {
        try {
            return Json.tree(body).path("NeutronError").path("message").asText(body);
        } catch (java.io.UncheckedIOException notJson) {
            return "The network service refused.";
        }
    }
}
