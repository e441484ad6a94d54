package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * Every operation of identity that is built, as identity-operations.txt has them, writes included: what is answered must be
 * what the OpenAPI document says. An operation of the document of which the file does not speak is a failure.
 */
class IdentityOperationsIT {
    private static final Path ORACLE = Path.of(System.getProperty(
            "nephos.oracle", Path.of("../../shared/oracle/openapi").toString()));
    private static final Pattern LINE = Pattern.compile("(?<method>[A-Z]+)\\s+(?<path>\\S+)(?:\\s+(?<body>\\{.*}))?"
            + "(?:\\s+as\\s+(?<as>\\S+))?(?:\\s+on\\s+(?<on>\\S+))?(?:\\s+=>\\s+(?<names>.*))?\\s*");

    private static final String SIGN_IN = ("{'auth': {'identity': {'methods': ['password'], 'password': {'user': {"
                    + "'name': 'admin', 'domain': {'id': 'default'}, 'password': '{admin-password}'}}},"
                    + " 'scope': {'project': {'name': 'admin', 'domain': {'id': 'default'}}}}}")
            .replace('\'', '"');

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> names = new HashMap<>();

    @Test
    void whatEveryOperationAnswersIsWhatTheDocumentSays() throws Exception {
        assumeTrue(Files.isDirectory(ORACLE), "no OpenAPI documents in " + ORACLE);
        Oracle oracle = Oracle.of(ORACLE, "identity-v");
        signIn();
        List<String> wrong = new ArrayList<>();
        TreeSet<String> unspoken = new TreeSet<>(oracle.operations());
        int checked = 0;
        for (String line : Lines.of("/identity-operations.txt")) {
            if (line.startsWith("~") || line.startsWith("-")) {
                String words = line.substring(2).strip();
                Pattern paths = Pattern.compile((words.startsWith("/") ? "[a-z]+ " : "")
                        + words.replace("{", "\\{").replace("}", "\\}"));
                if (line.startsWith("-")) {
                    unspoken.stream()
                            .filter(operation -> paths.matcher(operation).matches())
                            .forEach(operation -> missing(operation, wrong));
                }
                unspoken.removeIf(operation -> paths.matcher(operation).matches());
                continue;
            }
            Matcher operation = LINE.matcher(line);
            if (!operation.matches()) {
                throw new IllegalStateException(line);
            }
            String path = operation.group("path").replaceAll("\\{([a-z0-9_]+)=[^}]*}", "{$1}");
            String method = operation.group("method").toLowerCase(Locale.ROOT);
            unspoken.remove(method + " " + path);
            String problem = run(oracle, operation, path, method);
            if (method.equals("get") && unspoken.remove("head " + path) && problem.isEmpty()) {
                problem = head(operation);
            }
            checked++;
            if (!problem.isEmpty()) {
                wrong.add(line + ": " + problem);
            }
        }
        System.out.printf("IDENTITY: %d operations answered, %d of them not as documented%n", checked, wrong.size());
        unspoken.forEach(operation -> wrong.add(operation + ": identity-operations.txt does not speak of it"));
        assertEquals("", String.join("\n", wrong));
    }

    private String run(Oracle oracle, Matcher operation, String path, String method) throws Exception {
        HttpResponse<byte[]> answer = send(method, operation);
        JsonNode body = answer.body().length == 0 ? MissingNode.getInstance() : Cloud.JSON.readTree(answer.body());
        boolean success = answer.statusCode() / 100 == 2 || path.equals("/") && answer.statusCode() == 300;
        if (!success) {
            return answer.statusCode() + " " + body;
        }
        for (String name :
                Optional.ofNullable(operation.group("names")).orElse("").split("\\s+")) {
            if (!name.isEmpty()) {
                remember(name, answer, body);
            }
        }
        List<String> violations = body.isMissingNode() ? List.of() : oracle.violations(path, method, "", body);
        return violations.isEmpty() ? "" : violations.toString();
    }

    private void remember(String name, HttpResponse<byte[]> answer, JsonNode body) {
        int at = name.indexOf('@');
        if (at < 0) {
            names.put(name, idOf(body));
        } else if (name.charAt(at + 1) == '/') {
            names.put(name.substring(0, at), body.at(name.substring(at + 1)).asText());
        } else {
            names.put(
                    name.substring(0, at),
                    answer.headers().firstValue(name.substring(at + 1)).orElseThrow());
        }
    }

    private String head(Matcher operation) throws Exception {
        HttpResponse<byte[]> answer = send("head", operation);
        boolean right =
                answer.statusCode() / 100 == 2 || operation.group("path").equals("/");
        return right && answer.body().length == 0 ? "" : "its HEAD is answered " + answer.statusCode();
    }

    private HttpResponse<byte[]> send(String method, Matcher operation) throws Exception {
        String shown = Optional.ofNullable(operation.group("as")).orElse("token");
        return send(
                method,
                filled(operation.group("path")),
                Optional.ofNullable(operation.group("body")).map(this::filled),
                shown,
                Optional.ofNullable(operation.group("on")).orElse("token"));
    }

    private void missing(String operation, List<String> wrong) {
        try {
            String[] words = operation.split(" ");
            int status = send(words[0], words[1].replaceAll("\\{[^}]*}", "x"), Optional.of("{}"), "token", "token")
                    .statusCode();
            if (status != 404 && status != 405) {
                wrong.add(operation + ": is not built, but answered " + status);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void signIn() throws Exception {
        String run = UUID.randomUUID().toString().substring(0, 6);
        names.put("run", run);
        names.put("admin-password", Cloud.secret("admin"));
        names.put("value", "tag");
        names.put("group", "ldap");
        names.put("option", "url");
        for (String name : List.of("mapping_id", "idp_id", "protocol_id", "other_region")) {
            names.put(name, name.substring(0, 3) + "-" + run);
        }
        names.put("keycloak", "keycloak");
        names.put("openid", "openid");
        HttpResponse<byte[]> answer = send("post", "/v3/auth/tokens", Optional.of(filled(SIGN_IN)), "", "");
        names.put("token", answer.headers().firstValue("X-Subject-Token").orElseThrow());
        JsonNode signedIn = Cloud.JSON.readTree(answer.body()).path("token");
        names.put("self", signedIn.path("user").path("id").asText());
        names.put("self_project", signedIn.path("project").path("id").asText());
        names.put("oidc", accessToken());
    }

    /** Of the realm itself, as a client of OpenID Connect gets one. */
    private String accessToken() throws IOException, InterruptedException {
        String form = "grant_type=password&client_id=openstack&scope=openid&username="
                + URLEncoder.encode("default/admin", StandardCharsets.UTF_8) + "&password="
                + URLEncoder.encode(Cloud.secret("admin"), StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:18080/realms/nephos/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        return Cloud.JSON.readTree(answer).path("access_token").asText();
    }

    /** {@code shown} and {@code subject}: names of tokens; empty for none. */
    private HttpResponse<byte[]> send(String method, String path, Optional<String> body, String shown, String subject)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Cloud.IDENTITY + path))
                .header("Accept", "application/json")
                .method(
                        method.toUpperCase(Locale.ROOT),
                        body.map(HttpRequest.BodyPublishers::ofString).orElse(HttpRequest.BodyPublishers.noBody()));
        if (shown.startsWith("bearer:")) {
            request.header("Authorization", "Bearer " + names.get(shown.substring("bearer:".length())));
        } else if (!shown.isEmpty()) {
            request.header("X-Auth-Token", named(shown));
        }
        if (!subject.isEmpty()) {
            request.header("X-Subject-Token", named(subject));
        }
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String named(String name) {
        return Optional.ofNullable(names.get(name))
                .orElseThrow(() -> new IllegalStateException("What is " + name + "?"));
    }

    private String filled(String template) {
        Matcher name =
                Pattern.compile("\\{(?:[a-z0-9_]+=)?([a-z][a-z0-9_-]*+)}").matcher(template);
        StringBuilder text = new StringBuilder();
        while (name.find()) {
            String value = switch (name.group(1)) {
                case "ec2_signature" ->
                    signed("HmacSHA256", "GET\nh\n/\nSignatureMethod=HmacSHA256&SignatureVersion=2");
                case "s3_signature" -> signed("HmacSHA1", "text");
                default -> names.getOrDefault(name.group(1), name.group());
            };
            name.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return name.appendTail(text).toString();
    }

    /** With the EC2 key that was made last. */
    private String signed(String algorithm, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(named("ec2_secret").getBytes(StandardCharsets.UTF_8), algorithm));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String idOf(JsonNode body) {
        JsonNode made = body.properties().iterator().next().getValue();
        return (made.isArray() ? made.path(0) : made).path("id").asText();
    }
}
