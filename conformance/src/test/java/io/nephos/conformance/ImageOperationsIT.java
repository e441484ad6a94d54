package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpServer;
import io.nephos.testkit.ServiceProcess;
import io.nephos.testkit.TestTokens;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of images, as image-operations.txt has them, writes included: what is sent, the status and what is answered
 * are what the OpenAPI document says. An operation of the document of which the file does not speak is a failure. It needs no
 * cloud: image-service runs as a process, with two stores, a cache, and locations that clients see and give.
 */
class ImageOperationsIT {
    private static final Path ORACLE = Path.of(System.getProperty(
            "nephos.oracle", Path.of("../../shared/oracle/openapi").toString()));
    private static final Path SERVICE = Path.of("../image-service/target/quarkus-app/quarkus-run.jar");
    private static final byte[] DISK = new byte[1 << 20];
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LINE = Pattern.compile("(?<method>[A-Z]+)\\s+(?<path>\\S+)"
            + "(?:\\s+(?<body>\\{.*}|\\[.*]|<.*>))?(?:\\s+as\\s+(?<as>\\S+))?"
            + "(?:\\s+with\\s+(?<header>[A-Za-z-]+)=(?<value>\\S+))?(?:\\s+is\\s+(?<status>\\d+))?"
            + "(?:\\s+until\\s+(?<pointer>[^=\\s]+)=(?<wanted>\\S+))?(?:\\s+=>\\s+(?<names>.*))?\\s*");

    @TempDir
    private Path home = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> names = new HashMap<>();
    private String base = "";
    private HttpServer web;

    @BeforeEach
    void serve() throws IOException {
        web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        web.createContext("/disk", exchange -> {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(DISK.length));
            exchange.sendResponseHeaders(200, head ? -1 : DISK.length);
            if (!head) {
                exchange.getResponseBody().write(DISK);
            }
            exchange.close();
        });
        web.start();
        String run = UUID.randomUUID().toString().substring(0, 6);
        names.put("run", run);
        names.put("member_id", "project-" + run);
        names.put("tag_value", "tag");
        names.put("new_tag", "made");
        names.put("second", "second");
        names.put("web", "http://127.0.0.1:" + web.getAddress().getPort() + "/disk");
        names.put("length", Integer.toString(DISK.length));
    }

    @AfterEach
    void end() {
        web.stop(0);
    }

    @Test
    void whatEveryOperationTakesAndAnswersIsWhatTheDocumentSays() throws Exception {
        assumeTrue(Files.isDirectory(ORACLE), "no OpenAPI documents in " + ORACLE);
        assumeTrue(Files.exists(SERVICE), "image-service is not built");
        Oracle oracle = Oracle.of(ORACLE, "image-v");
        try (ServiceProcess service = new ServiceProcess(SERVICE, home.resolve("image-service.log"), settings())) {
            service.start();
            base = "http://127.0.0.1:" + service.port();
            List<String> wrong = new ArrayList<>();
            TreeSet<String> unspoken = new TreeSet<>(oracle.operations());
            int checked = 0;
            for (String line : Lines.of("/image-operations.txt")) {
                Matcher operation =
                        LINE.matcher(line.startsWith("-") ? line.substring(1).strip() : line);
                if (!operation.matches()) {
                    throw new IllegalStateException(line);
                }
                unspoken.remove(method(operation) + " " + documented(operation));
                String problem = line.startsWith("-") ? missing(operation) : run(oracle, operation);
                checked++;
                if (!problem.isEmpty()) {
                    wrong.add(line + ": " + problem);
                }
            }
            System.out.printf("IMAGE: %d operations answered, %d of them not as documented%n", checked, wrong.size());
            unspoken.forEach(operation -> wrong.add(operation + ": image-operations.txt does not speak of it"));
            assertEquals("", String.join("\n", wrong));
        }
    }

    private Map<String, String> settings() {
        return Map.of(
                "nephos.image.stores", "file,second",
                "nephos.image.store.path", home.resolve("images").toString(),
                "nephos.image.store.second.path", home.resolve("images-second").toString(),
                "nephos.image.cache.path", home.resolve("cache").toString(),
                "nephos.image.show-multiple-locations", "true",
                "nephos.image.web-download.allowed-ports",
                        Integer.toString(web.getAddress().getPort()),
                "nephos.image.web-download.allowed-networks", "127.0.0.1/32");
    }

    private String run(Oracle oracle, Matcher operation) throws Exception {
        String method = method(operation);
        String path = documented(operation);
        Optional<String> body = Optional.ofNullable(operation.group("body")).map(this::filled);
        String mediaType = body.filter(text -> text.startsWith("<")).isPresent()
                ? "application/octet-stream"
                : oracle.mediaType(path, method);
        List<String> problems = new ArrayList<>();
        if (body.isPresent()) {
            JsonNode sent = mediaType.equals("application/json")
                    ? Cloud.JSON.readTree(body.get())
                    : TextNode.valueOf(body.get());
            problems.addAll(oracle.wrongInRequest(path, method, "", mediaType, sent));
        }
        HttpResponse<byte[]> answer = patiently(operation, body, mediaType);
        JsonNode read = json(answer);
        Set<Integer> statuses = operation.group("status") == null
                ? oracle.successes(path, method)
                : Set.of(Integer.valueOf(operation.group("status")));
        if (!statuses.contains(answer.statusCode())) {
            problems.add("status " + answer.statusCode() + ", not one of " + statuses + ": " + read);
        } else if (!read.isMissingNode() && answer.statusCode() / 100 == 2) {
            problems.addAll(oracle.violations(path, method, "", read));
        }
        if (!comesTrue(operation, read)) {
            problems.add("it does not come to " + operation.group("wanted") + ": " + read);
        }
        for (String name :
                Optional.ofNullable(operation.group("names")).orElse("").split("\\s+")) {
            if (!name.isEmpty()) {
                String[] parts = name.split("@", 2);
                names.put(parts[0], read.at(parts.length > 1 ? parts[1] : "/id").asText());
            }
        }
        return String.join(", ", problems);
    }

    /** What it answers at last, where something is waited for. */
    private HttpResponse<byte[]> patiently(Matcher operation, Optional<String> body, String mediaType)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        HttpResponse<byte[]> answer = send(operation, body, mediaType);
        while (!comesTrue(operation, json(answer)) && System.nanoTime() < end) {
            Thread.sleep(50);
            answer = send(operation, body, mediaType);
        }
        return answer;
    }

    private boolean comesTrue(Matcher operation, JsonNode answer) {
        return operation.group("pointer") == null
                || answer.at(operation.group("pointer")).asText().equals(filled(operation.group("wanted")));
    }

    private String missing(Matcher operation) throws IOException, InterruptedException {
        int status = send(operation, Optional.empty(), "").statusCode();
        return status == 404 || status == 405 ? "" : "it is not built, but answered " + status;
    }

    private HttpResponse<byte[]> send(Matcher operation, Optional<String> body, String mediaType)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + filled(operation.group("path"))))
                .header("X-Auth-Token", token(Objects.requireNonNullElse(operation.group("as"), "admin")))
                .method(
                        operation.group("method"),
                        body.map(HttpRequest.BodyPublishers::ofString).orElse(HttpRequest.BodyPublishers.noBody()));
        if (operation.group("header") != null) {
            request.header(operation.group("header"), operation.group("value"));
        }
        if (body.isPresent()) {
            request.header("Content-Type", mediaType);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String token(String of) {
        return switch (of) {
            case "member" -> TestTokens.member(filled("{member_id}"));
            case "service" -> TestTokens.of("nova", "service-project", "service");
            default -> TestTokens.admin();
        };
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        boolean json = answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        return json && answer.body().length > 0 ? Cloud.JSON.readTree(answer.body()) : MissingNode.getInstance();
    }

    private static String method(Matcher operation) {
        return operation.group("method").toLowerCase(Locale.ROOT);
    }

    private static String documented(Matcher operation) {
        return operation.group("path").split("\\?", 2)[0].replaceAll("\\{([a-z_]+)=[^}]*}", "{$1}");
    }

    private String filled(String template) {
        Matcher name = Pattern.compile("\\{(?:[a-z_]+=)?([a-z_]+)}").matcher(template);
        StringBuilder text = new StringBuilder();
        while (name.find()) {
            name.appendReplacement(text, Matcher.quoteReplacement(names.getOrDefault(name.group(1), name.group())));
        }
        return name.appendTail(text).toString();
    }
}
