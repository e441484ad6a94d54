package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every path of the real services' OpenAPI documents that can be read is read here too, at the oldest and the newest
 * microversion claimed; what answers 200 must be what the document says. So must the answers to creations. Paths that answer
 * 404 without an id in them, or 501, do not exist yet and are only counted.
 *
 * <p>The documents are not part of the repository: {@code -Dnephos.oracle=DIRECTORY}, or {@code ../shared/oracle/openapi}
 * beside it; without them nothing is tested, and that is said.
 */
class OpenApiIT {
    private static final Path ORACLE = Path.of(System.getProperty(
            "nephos.oracle", Path.of("../../shared/oracle/openapi").toString()));
    private final HttpClient http = HttpClient.newHttpClient();
    private final String run = UUID.randomUUID().toString().substring(0, 6);
    private final Deque<String> made = new ArrayDeque<>();
    private final Map<String, String> ids = new HashMap<>();
    private String token = "";

    /** The services, where they are, and how a microversion is asked for. */
    enum Service {
        IDENTITY("identity-v", "http://127.0.0.1:5000", ""),
        IMAGE("image-v", "http://127.0.0.1:9292", ""),
        NETWORK("network-v", "http://127.0.0.1:9696", ""),
        COMPUTE("compute-v", "http://127.0.0.1:8774", "compute"),
        VOLUME("block-storage-v", "http://127.0.0.1:8776", "volume"),
        PLACEMENT("placement-v", "http://127.0.0.1:8778", "placement");

        private final String document;
        private final String base;
        private final String type;

        Service(String document, String base, String type) {
            this.document = document;
            this.base = base;
            this.type = type;
        }
    }

    private record Answer(int status, JsonNode body, Optional<String> location) {
        Optional<String> idInLocation() {
            return location.map(url -> url.substring(url.lastIndexOf('/') + 1));
        }
    }

    @BeforeEach
    void signIn() {
        token = Cli.admin().json("token", "issue").path("id").asText();
    }

    @AfterEach
    void takeBack() {
        while (!made.isEmpty()) {
            send("DELETE", made.pop(), "", Optional.empty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAnsweredIsWhatTheDocumentSays(Service service) throws IOException {
        if (!Files.isDirectory(ORACLE)) {
            System.out.println(
                    "SKIPPED: no OpenAPI documents in " + ORACLE + "; give their directory as -Dnephos.oracle");
            return;
        }
        Oracle oracle = Oracle.of(ORACLE, service.document);
        Map<String, String> wrong = new TreeMap<>();
        int[] counts = new int[3];
        for (String version : versions(service)) {
            created(service, version).forEach((path, body) -> create(service, oracle, path, body, version, wrong));
            for (String path : oracle.readable()) {
                if (oracle.has(path, "get", version)) {
                    read(service, oracle, path, version, wrong, counts);
                }
            }
            takeBack();
        }
        System.out.printf(
                "%s: %d reads answered as documented, %d not built, %d without anything to read, %d wrong%n",
                service, counts[0], counts[1], counts[2], wrong.size());
        wrong.forEach((what, why) -> System.out.println("  " + what + ": " + why));
        assertTrue(counts[0] > 0, service + " answers nothing");
        assertEquals(Map.of(), wrong);
    }

    private void read(
            Service service, Oracle oracle, String path, String version, Map<String, String> wrong, int[] counts) {
        Optional<String> url = fill(service, path, version);
        if (url.isEmpty()) {
            counts[2]++;
            return;
        }
        Answer answer = send("GET", service.base + url.get(), header(service, version), Optional.empty());
        switch (answer.status()) {
            case 200, 203, 300 -> {
                List<String> violations = oracle.violations(path, "get", version, answer.body());
                if (violations.isEmpty()) {
                    counts[0]++;
                } else {
                    wrong.put("GET " + path + " " + version, violations.toString());
                }
            }
            case 404, 501, 405, 204, 400, 403, 409, 410 -> counts[1]++;
            case 401 -> {
                // A sign-in by GET: it wants the provider's token, not ours.
                if (!path.contains("/OS-FEDERATION/")) {
                    wrong.put("GET " + path + " " + version, "status 401");
                }
            }
            default -> wrong.put("GET " + path + " " + version, "status " + answer.status());
        }
    }

    private void create(
            Service service,
            Oracle oracle,
            String path,
            Map<String, ?> body,
            String version,
            Map<String, String> wrong) {
        Optional<String> url = fill(service, path, version);
        if (url.isEmpty()) {
            wrong.put("POST " + path + " " + version, "there is nothing to make it in");
            return;
        }
        Answer answer = send("POST", service.base + url.get(), header(service, version), Optional.of(body));
        if (answer.status() >= 200 && answer.status() < 300) {
            List<String> violations =
                    answer.body().isObject() ? oracle.violations(path, "post", version, answer.body()) : List.of();
            if (!violations.isEmpty()) {
                wrong.put("POST " + path + " " + version, violations.toString());
            }
            idOf(answer.body()).or(answer::idInLocation).ifPresent(id -> {
                made.push(service.base + url.get() + "/" + id);
                ids.put(url.get(), id);
            });
        } else if (answer.status() != 404 && answer.status() != 501) {
            wrong.put("POST " + path + " " + version, answer.status() + " " + answer.body());
        }
    }

    /** The path with an id of something that is there in each of its places; empty when there is nothing. */
    private Optional<String> fill(Service service, String path, String version) {
        StringBuilder url = new StringBuilder();
        for (String step : path.substring(1).split("/", -1)) {
            if (!step.startsWith("{")) {
                url.append('/').append(step);
                continue;
            }
            String collection = url.toString();
            Optional<String> id = Optional.ofNullable(ids.get(collection))
                    .or(() -> firstOf(send("GET", service.base + collection, header(service, version), Optional.empty())
                            .body()));
            if (id.isEmpty()) {
                return Optional.empty();
            }
            url.append('/').append(id.get());
        }
        return Optional.of(url.toString());
    }

    private static Optional<String> firstOf(JsonNode list) {
        for (JsonNode field : list) {
            if (field.isArray() && !field.isEmpty()) {
                return idOf(field.path(0));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> idOf(JsonNode item) {
        if (item.isTextual()) {
            return Optional.of(item.asText());
        }
        for (String name : List.of("id", "uuid", "name", "namespace", "member_id")) {
            if (item.path(name).isTextual() || item.path(name).isIntegralNumber()) {
                return Optional.of(item.path(name).asText());
            }
        }
        return item.size() == 1 && item.elements().next().isObject()
                ? idOf(item.elements().next())
                : Optional.empty();
    }

    /** What is made before it is read, in that order. */
    private Map<String, Map<String, ?>> created(Service service, String version) {
        String name = "conformance-" + run;
        Map<String, Map<String, ?>> bodies = new LinkedHashMap<>();
        switch (service) {
            case IDENTITY -> {
                bodies.put("/v3/domains", Map.of("domain", Map.of("name", name, "enabled", false)));
                bodies.put("/v3/projects", Map.of("project", Map.of("name", name)));
                bodies.put("/v3/users", Map.of("user", Map.of("name", name, "password", "p-" + run)));
                bodies.put("/v3/groups", Map.of("group", Map.of("name", name)));
                bodies.put("/v3/roles", Map.of("role", Map.of("name", name)));
                bodies.put("/v3/services", Map.of("service", Map.of("name", name, "type", name)));
                bodies.put("/v3/regions", Map.of("region", Map.of("id", name)));
            }
            case IMAGE -> imagesAndMetadefs(name, bodies);
            case NETWORK -> {
                bodies.put("/v2.0/networks", Map.of("network", Map.of("name", name)));
                bodies.put("/v2.0/security-groups", Map.of("security_group", Map.of("name", name)));
                bodies.put("/v2.0/routers", Map.of("router", Map.of("name", name)));
            }
            case COMPUTE -> {
                bodies.put(
                        "/v2.1/flavors",
                        Map.of("flavor", Map.of("name", name, "ram", 64, "vcpus", 1, "disk", 1, "id", name)));
                bodies.put(
                        "/v2.1/os-keypairs",
                        Map.of("keypair", Map.of("name", name, "public_key", "ssh-ed25519 " + KEY + " " + name)));
                bodies.put(
                        "/v2.1/os-server-groups",
                        Map.of(
                                "server_group",
                                version.equals("2.1")
                                        ? Map.of("name", name, "policies", List.of("affinity"))
                                        : Map.of("name", name, "policy", "affinity")));
            }
            case VOLUME -> bodies.put("/v3/volumes", Map.of("volume", Map.of("name", name, "size", 1)));
            case PLACEMENT -> bodies.put("/resource_providers", Map.of("name", name));
        }
        return bodies;
    }

    private static void imagesAndMetadefs(String name, Map<String, Map<String, ?>> bodies) {
        bodies.put("/v2/images", Map.of("name", name, "disk_format", "raw", "container_format", "bare", "a", "b"));
        bodies.put("/v2/images/{image_id}/members", Map.of("member", name));
        String namespace = "/v2/metadefs/namespaces/{namespace_name}";
        bodies.put("/v2/metadefs/namespaces", Map.of("namespace", name, "display_name", name, "description", "d"));
        bodies.put(
                namespace + "/objects",
                Map.of("name", "o", "properties", Map.of("p", Map.of("title", "P", "type", "string"))));
        bodies.put(namespace + "/properties", Map.of("name", "p", "title", "P", "type", "integer", "minimum", 1));
        bodies.put(namespace + "/tags", Map.of("tags", List.of(Map.of("name", "t"))));
        bodies.put(namespace + "/resource_types", Map.of("name", "OS::Glance::Image", "prefix", "hw_"));
    }

    private static final String KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    /** The oldest and the newest microversion that the service claims; one empty text where it has none. */
    private List<String> versions(Service service) {
        if (service.type.isEmpty()) {
            return List.of("");
        }
        JsonNode root = send("GET", service.base + "/", "", Optional.empty()).body();
        List<String> found = new ArrayList<>();
        for (JsonNode version : root.path("versions")) {
            String min = version.path("min_version").asText("");
            String max =
                    version.path("max_version").asText(version.path("version").asText(""));
            if (!min.isEmpty() && !max.isEmpty()) {
                found.clear();
                found.addAll(min.equals(max) ? List.of(min) : List.of(min, max));
            }
        }
        return found;
    }

    private static String header(Service service, String version) {
        return version.isEmpty() ? "" : service.type + " " + version;
    }

    private Answer send(String method, String url, String version, Optional<Map<String, ?>> body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                    .header("X-Auth-Token", token)
                    .header("Accept", "application/json")
                    .method(
                            method,
                            body.isPresent()
                                    ? HttpRequest.BodyPublishers.ofString(Cloud.JSON.writeValueAsString(body.get()))
                                    : HttpRequest.BodyPublishers.noBody());
            if (body.isPresent()) {
                request.header("Content-Type", "application/json");
            }
            if (!version.isEmpty()) {
                request.header("OpenStack-API-Version", version);
            }
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    parsed(response.body()),
                    response.headers().firstValue("Location"));
        } catch (IOException e) {
            return new Answer(0, MissingNode.getInstance(), Optional.empty());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode parsed(byte[] body) throws IOException {
        try {
            return body.length == 0 ? MissingNode.getInstance() : Cloud.JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }
}
