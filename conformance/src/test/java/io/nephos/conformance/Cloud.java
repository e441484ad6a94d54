package io.nephos.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cloud under test, started by {@code ./nephos up} in {@code $NEPHOS_HOME}; asked as its administrator over HTTP. */
final class Cloud {
    static final String IDENTITY = "http://127.0.0.1:5000";
    static final String COMPUTE = "http://127.0.0.1:8774/v2.1";
    static final String NETWORK = "http://127.0.0.1:9696/v2.0";
    static final String IMAGE = "http://127.0.0.1:9292/v2";
    static final String VOLUME = "http://127.0.0.1:8776/v3";
    static final String PLACEMENT = "http://127.0.0.1:8778";
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private Optional<String> token = Optional.empty();
    private Instant signedIn = Instant.EPOCH;

    /** An answer; {@code status} 0 when there was none. */
    record Answer(int status, JsonNode body) {}

    static Path home() {
        return Path.of(Optional.ofNullable(System.getenv("NEPHOS_HOME")).orElse("/var/lib/nephos"));
    }

    static String secret(String name) {
        try {
            return Files.readString(home().resolve("etc/secrets").resolve(name)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Run this against a cloud started by ./nephos up", e);
        }
    }

    Answer get(String url) {
        return send("GET", url, Optional.empty());
    }

    Answer delete(String url) {
        return send("DELETE", url, Optional.empty());
    }

    Answer post(String url, Map<String, ?> body) {
        return send("POST", url, Optional.of(body));
    }

    private Answer send(String method, String url, Optional<Map<String, ?>> body) {
        Optional<String> known = token();
        return known.isEmpty() ? new Answer(0, MissingNode.getInstance()) : exchange(method, url, body, known);
    }

    private Optional<String> token() {
        if (token.isPresent() && Instant.now().isBefore(signedIn.plus(Duration.ofMinutes(10)))) {
            return token;
        }
        Map<String, ?> domain = Map.of("id", "default");
        Map<String, ?> request = Map.of(
                "auth",
                Map.of(
                        "identity",
                        Map.of(
                                "methods",
                                List.of("password"),
                                "password",
                                Map.of("user", Map.of("name", "admin", "domain", domain, "password", secret("admin")))),
                        "scope",
                        Map.of("project", Map.of("name", "admin", "domain", domain))));
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(IDENTITY + "/v3/auth/tokens"))
                            .timeout(PATIENCE)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(request)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            token = response.headers().firstValue("X-Subject-Token");
            signedIn = Instant.now();
        } catch (IOException e) {
            token = Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return token;
    }

    private Answer exchange(String method, String url, Optional<Map<String, ?>> body, Optional<String> with) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(PATIENCE)
                    .header("Accept", "application/json")
                    .method(
                            method,
                            body.isPresent()
                                    ? HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body.get()))
                                    : HttpRequest.BodyPublishers.noBody());
            with.ifPresent(value -> request.header("X-Auth-Token", value));
            if (body.isPresent()) {
                request.header("Content-Type", "application/json");
            }
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), parse(response.body()));
        } catch (IOException e) {
            return new Answer(0, MissingNode.getInstance());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode parse(byte[] body) throws IOException {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    /** What a command printed; it must succeed. */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code kill -9}; the supervisor starts it again. */
    static void kill(String part) {
        String pid = pid(part);
        if (!pid.equals("0")) {
            run("kill", "-9", pid);
        }
    }

    /** "0" while it is not running. */
    static String pid(String part) {
        return run(
                        "supervisorctl",
                        "-c",
                        home().resolve("etc/supervisor/supervisord.conf").toString(),
                        "pid",
                        part)
                .strip();
    }

    static List<String> lines(String text) {
        List<String> all = new ArrayList<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(all::add);
        return all;
    }
}
