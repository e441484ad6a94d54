package io.nephos.image.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.Api;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Bodies, queries and headers that nobody thought of: an answer below 500, whatever is sent. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class FuzzIT {
    private static final List<String> NAMES = List.of(
            "id",
            "name",
            "tags",
            "visibility",
            "disk_format",
            "container_format",
            "owner",
            "min_disk",
            "protected",
            "os_glance_x",
            "method",
            "uri",
            "stores",
            "all_stores",
            "all_stores_must_succeed",
            "member",
            "status",
            "type",
            "input",
            "import_from",
            "import_from_format",
            "image_properties",
            "namespace",
            "properties",
            "objects",
            "resource_type_associations",
            "prefix",
            "url",
            "metadata");
    private static final List<String> TEXTS = List.of(
            "",
            "raw",
            "bare",
            "public",
            "import",
            "web-download",
            "glance-direct",
            "copy-image",
            "accepted",
            "in:a,\"b",
            "gt:1",
            "gte:x",
            "lt:2020-01-01T00:00:00Z",
            "9".repeat(30),
            "-1",
            "1e9",
            "../../etc/passwd",
            "http://127.0.0.1:28499/missing",
            "http://169.254.169.254/",
            "a\u0000b",
            "\ud800",
            "\ud83d\ude00",
            "%00",
            "'; drop table image; --",
            "x".repeat(300));
    private static final List<String> FILTERS = List.of(
            "limit",
            "marker",
            "sort",
            "sort_key",
            "sort_dir",
            "visibility",
            "member_status",
            "os_hidden",
            "tag",
            "size_min",
            "protected",
            "created_at",
            "updated_at",
            "size",
            "min_ram",
            "id",
            "name",
            "status",
            "checksum",
            "type",
            "resource_types",
            "any_property");

    private final String project = Api.project();
    private final Random random = new Random(20_261_120);

    @TestHTTPResource("/")
    URL root;

    @Test
    void everyBodyIsTakenOrRefused() {
        String id = Api.image(project, Map.of());
        Map<String, String> operations = new LinkedHashMap<>();
        for (String own : List.of(
                "POST /v2/images",
                "POST /v2/images/" + id + "/import",
                "POST /v2/images/" + id + "/locations",
                "POST /v2/images/" + id + "/members",
                "PUT /v2/images/" + id + "/members/" + project)) {
            operations.put(own, TestTokens.member(project));
        }
        for (String admins : List.of(
                "POST /v2/tasks",
                "POST /v2/metadefs/namespaces",
                "PUT /v2/metadefs/namespaces/x",
                "POST /v2/metadefs/namespaces/x/objects")) {
            operations.put(admins, TestTokens.admin());
        }
        operations.forEach((operation, token) -> {
            for (int i = 0; i < 60; i++) {
                byte[] body = object(3).toString().getBytes(StandardCharsets.UTF_8);
                if (random.nextInt(4) == 0) {
                    body = Arrays.copyOf(body, random.nextInt(body.length + 1));
                } else if (random.nextInt(4) == 0) {
                    body[random.nextInt(body.length)] = (byte) random.nextInt(256);
                }
                String sent = new String(body, StandardCharsets.ISO_8859_1);
                int status = raw(operation, token, "Content-Type: application/json", sent);
                assertTrue(status >= 200 && status < 500, () -> status + " for " + operation + " " + sent);
            }
        });
        assertEquals(200, Api.member(project).get("/v2/images/" + id).statusCode());
    }

    @Test
    void everyQueryIsAnsweredOrRefused() {
        for (String path : List.of("/v2/images", "/v2/tasks", "/v2/metadefs/namespaces")) {
            for (int i = 0; i < 150; i++) {
                StringBuilder query = new StringBuilder("?");
                for (int filters = random.nextInt(4); filters >= 0; filters--) {
                    query.append(pick(FILTERS))
                            .append('=')
                            .append(encode(pick(TEXTS)))
                            .append('&');
                }
                int status = raw("GET " + path + query, TestTokens.admin(), "Accept: */*", "");
                assertTrue(status >= 200 && status < 500, () -> status + " for " + path + query);
            }
        }
    }

    @Test
    void everyHeaderIsAnsweredOrRefused() {
        String id = Api.image(project, Map.of());
        String upload = "PUT /v2/images/" + id + "/file";
        String token = TestTokens.member(project);
        for (String header : List.of(
                "x-openstack-image-size: -5",
                "x-openstack-image-size: 1e9",
                "x-openstack-image-size: 99999999999999999999",
                "X-Image-Meta-Store: ../../etc",
                "X-Image-Meta-Store: http",
                "X-Image-Meta-Store: staging",
                "X-Image-Meta-Store: " + "s".repeat(5000),
                "X-Image-Meta-Store: \u00e9\u00ff",
                "Expect: 200-maybe",
                "Content-Encoding: gzip",
                "Content-Encoding: zebra",
                "X-OpenStack-Request-ID: req-\u00e9",
                "X-OpenStack-Request-ID: " + "r".repeat(5000),
                "X-Auth-Token: another",
                "Range: bytes=0-1",
                "traceparent: 00-zz-zz-zz")) {
            int status = raw(upload, token, "Content-Type: application/octet-stream\r\n" + header, "abc");
            assertTrue(status >= 200 && status < 500, () -> status + " for " + header);
            if (status == 204) {
                assertEquals(
                        "abc",
                        Api.member(project).get("/v2/images/" + id + "/file").asString());
                Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
                Api.create(project, Map.of("id", id, "disk_format", "raw", "container_format", "bare"));
            }
            for (String read : List.of("/v2/images", "/v2/images/" + id + "/file", "/v2/info/usage")) {
                int answer = raw("GET " + read, token, header, "");
                assertTrue(answer >= 200 && answer < 500, () -> answer + " for " + read + " " + header);
            }
        }
        for (String type : List.of(
                "",
                "x",
                "text/plain",
                "application/json; charset=utf-7",
                "application/json; charset=\"",
                "*/*",
                "a/b/c")) {
            int status = raw("POST /v2/images", token, "Content-Type: " + type, "{\"name\": \"x\"}");
            assertTrue(status >= 200 && status < 500, () -> status + " for " + type);
            int patched = raw("PATCH /v2/images/" + UUID.randomUUID(), token, "Content-Type: " + type, "[]");
            assertTrue(patched >= 400 && patched < 500, () -> patched + " for " + type);
        }
    }

    private ObjectNode object(int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(6); i > 0; i--) {
            object.set(pick(NAMES), value(depth));
        }
        return object;
    }

    private JsonNode value(int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> json.nullNode();
            case 1 -> json.booleanNode(random.nextBoolean());
            case 2 -> json.numberNode(random.nextBoolean() ? random.nextLong() : random.nextInt(3));
            case 3, 4 -> json.textNode(pick(TEXTS));
            case 5 -> json.arrayNode().add(value(depth - 1)).add(value(depth - 1));
            default -> object(depth - 1);
        };
    }

    private String pick(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append('%').append(String.format("%02x", b));
        }
        return encoded.toString();
    }

    /** The status of the answer; 499 when the server only hangs up, which is an answer too. */
    private int raw(String operation, String token, String headers, String body) {
        try (Socket client = new Socket(root.getHost(), root.getPort())) {
            client.setSoTimeout(20_000);
            OutputStream out = client.getOutputStream();
            out.write((operation + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Auth-Token: " + token
                            + "\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = client.getInputStream();
            String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            return line.length() < 12 ? 499 : Integer.parseInt(line.substring(9));
        } catch (IOException hungUp) {
            return 499;
        }
    }
}
