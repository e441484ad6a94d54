package io.nephos.image.image;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.image.Api;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.RawHttp;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class ImageIT {
    private final String project = Api.project();
    private final String other = Api.project();

    @Test
    void whatNoRouteGetsToSeeIsAnsweredInTheDialectToo() {
        String answer = RawHttp.answer("POST /v2/images HTTP/1.1", "Content-Length: some");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("\"code\":\"400 Bad Request\""), answer);
        assertTrue(answer.contains("content-length header must be an integer"), answer);
    }

    @Test
    void aNewImageIsQueuedSharedWithNobodyAndKeepsItsProperties() {
        String id = UUID.randomUUID().toString();
        Response created = Api.create(
                project, Map.of("id", id, "name", "öpen", "os_distro", "debian", "tags", List.of("a", "b", "a")));
        created.then()
                .statusCode(201)
                .header("Location", containsString("/v2/images/" + id))
                .header("OpenStack-image-store-ids", containsString("file"))
                .body("id", equalTo(id))
                .body("status", equalTo("queued"))
                .body("visibility", equalTo("shared"))
                .body("owner", equalTo(project))
                .body("os_distro", equalTo("debian"))
                .body("size", nullValue())
                .body("tags", equalTo(List.of("a", "b")))
                .body("file", equalTo("/v2/images/" + id + "/file"));
        Api.create(project, Map.of("id", id)).then().statusCode(409);
    }

    @Test
    void aBodyThatNobodyReadsIsRefused() {
        String id = Api.create(project, Map.of()).path("id");
        for (String path : List.of("", "/members", "/tasks")) {
            Api.member(project)
                    .body("[\"body\"]")
                    .get("/v2/images/" + id + path)
                    .then()
                    .statusCode(400)
                    .body("message", equalTo("A body is not expected with this request."));
        }
        Api.member(project)
                .body("[]")
                .put("/v2/images/" + id + "/tags/t")
                .then()
                .statusCode(400);
        Api.member(project).body("{").delete("/v2/images/" + id).then().statusCode(400);
        Api.member(project).get("/v2/images/" + id).then().statusCode(200).body("tags", equalTo(List.of()));
    }

    @Test
    void badAttributesAreRefusedInGlancesWords() {
        Api.create(project, Map.of("disk_format", "wrong"))
                .then()
                .statusCode(400)
                .body("code", equalTo("400 Bad Request"))
                .body("title", equalTo("Bad Request"))
                .body("message", containsString("disk_format"));
        Api.create(project, Map.of("min_disk", -1)).then().statusCode(400);
        Api.create(project, Map.of("os_glance_x", "y")).then().statusCode(403);
        Api.create(project, Map.of("status", "active")).then().statusCode(403);
        Api.create(project, Map.of("visibility", "public")).then().statusCode(403);
        Api.create(project, Map.of("owner", other))
                .then()
                .statusCode(403)
                .body("message", equalTo("You are not permitted to create images owned by '" + other + "'."));
        Api.create(project, Map.of("x", 7)).then().statusCode(400);
        Api.create(project, Map.of("id", "../../etc/passwd")).then().statusCode(400);
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            many.put("p" + i, "v");
        }
        Api.create(project, many).then().statusCode(413);
        Api.member(project)
                .contentType(ContentType.JSON)
                .body("{\"name\": \"" + "x".repeat(2_000_000) + "\"}")
                .post("/v2/images")
                .then()
                .statusCode(413);
        Api.member(project)
                .contentType(ContentType.JSON)
                .body("[]")
                .post("/v2/images")
                .then()
                .statusCode(400);
    }

    @Test
    void projectsSeeOnlyWhatIsMeantForThem() {
        String priv = Api.image(project, Map.of("visibility", "private"));
        String shared = Api.image(project, Map.of("visibility", "shared"));
        String community = Api.image(project, Map.of("visibility", "community"));
        String pub = Api.as(TestTokens.admin())
                .contentType(ContentType.JSON)
                .body(Map.of("visibility", "public"))
                .post("/v2/images")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        for (String hidden : List.of(priv, shared)) {
            Api.member(other).get("/v2/images/" + hidden).then().statusCode(404);
            Api.member(other).delete("/v2/images/" + hidden).then().statusCode(404);
        }
        Api.member(other).get("/v2/images/" + community).then().statusCode(200);
        Api.member(other).delete("/v2/images/" + community).then().statusCode(403);
        Api.member(other).delete("/v2/images/" + pub).then().statusCode(403);
        List<String> listed = ids(Api.member(other).get("/v2/images?limit=1000"));
        assertTrue(listed.contains(pub));
        assertFalse(listed.contains(community) || listed.contains(shared) || listed.contains(priv));
        assertTrue(ids(Api.member(other).get("/v2/images?visibility=community&limit=1000"))
                .contains(community));

        Api.member(project)
                .contentType(ContentType.JSON)
                .body(Map.of("member", other))
                .post("/v2/images/" + shared + "/members")
                .then()
                .statusCode(200)
                .body("status", equalTo("pending"));
        Api.member(other).get("/v2/images/" + shared).then().statusCode(200);
        assertFalse(ids(Api.member(other).get("/v2/images")).contains(shared));
        assertEquals(List.of(shared), ids(Api.member(other).get("/v2/images?visibility=shared&member_status=pending")));
        answerFor(project, other, shared).then().statusCode(403);
        answerFor(other, other, shared).then().statusCode(200).body("status", equalTo("accepted"));
        assertTrue(ids(Api.member(other).get("/v2/images")).contains(shared));
        assertTrue(
                ids(Api.as(TestTokens.admin()).get("/v2/images?limit=1000")).containsAll(List.of(priv, shared, pub)));
    }

    @Test
    void aPatchChangesWhatMayBeChangedOrNothing() {
        String token = TestTokens.member(project);
        String id = Api.image(project, Map.of("colour", "red"));
        Api.patch(token, id, """
                        [{"op": "replace", "path": "/name", "value": "new"},
                         {"op": "add", "path": "/size_of~1door~0", "value": "2"},
                         {"op": "remove", "path": "/colour"},
                         {"op": "replace", "path": "/tags", "value": ["t"]},
                         {"op": "replace", "path": "/min_ram", "value": 64}]""")
                .then()
                .statusCode(200)
                .body("name", equalTo("new"))
                .body("'size_of/door~'", equalTo("2"))
                .body("colour", nullValue())
                .body("tags", equalTo(List.of("t")))
                .body("min_ram", equalTo(64));
        Map<String, Integer> refused = new HashMap<>();
        refused.put("[{\"op\": \"replace\", \"path\": \"/none\", \"value\": \"x\"}]", 409);
        refused.put("[{\"op\": \"remove\", \"path\": \"/none\"}]", 409);
        refused.put("[{\"op\": \"remove\", \"path\": \"/name\"}]", 403);
        refused.put("[{\"op\": \"replace\", \"path\": \"/status\", \"value\": \"active\"}]", 403);
        refused.put("[{\"op\": \"replace\", \"path\": \"/id\", \"value\": \"x\"}]", 403);
        refused.put("[{\"op\": \"replace\", \"path\": \"/visibility\", \"value\": \"public\"}]", 403);
        refused.put("[{\"op\": \"replace\", \"path\": \"/owner\", \"value\": \"" + other + "\"}]", 403);
        refused.put("[{\"op\": \"move\", \"path\": \"/name\"}]", 400);
        refused.put("[{\"op\": \"add\", \"path\": \"name\", \"value\": \"x\"}]", 400);
        refused.put("[{\"op\": \"add\", \"path\": \"/a/b\", \"value\": \"x\"}]", 400);
        refused.put("[{\"op\": \"add\", \"path\": \"/a\", \"value\": {}}]", 400);
        refused.put("[{\"op\": \"add\", \"path\": \"/a\"}]", 400);
        refused.put("{}", 400);
        refused.put("[", 400);
        refused.put("", 400);
        refused.put("[7]", 400);
        refused.forEach(
                (patch, code) -> assertEquals(code, Api.patch(token, id, patch).statusCode(), patch));
        Api.patch(token, id, """
                        [{"op": "replace", "path": "/name", "value": "lost"},
                         {"op": "replace", "path": "/none", "value": "x"}]""").then().statusCode(409);
        Api.member(project).get("/v2/images/" + id).then().body("name", equalTo("new"));
        Api.as(token)
                .contentType(ContentType.JSON)
                .body("[]")
                .patch("/v2/images/" + id)
                .then()
                .statusCode(415)
                .header(
                        "Accept-Patch",
                        "application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch");
    }

    @Test
    void aListIsFilteredSortedAndPagedWithoutLossOrRepetition() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            String id = Api.image(
                    project,
                    Map.of("name", i % 2 == 0 ? "even, odd" : "b" + i, "min_disk", i, "tags", List.of("t" + i % 3)));
            all.add(id);
        }
        for (String sort : List.of("", "&sort=name:asc,size:desc", "&sort_key=name&sort_key=id&sort_dir=desc")) {
            List<String> seen = new ArrayList<>();
            String next = "/v2/images?limit=2&owner=" + project + sort;
            while (next != null) {
                Response page = Api.member(project).urlEncodingEnabled(false).get(next);
                seen.addAll(ids(page));
                next = page.then().statusCode(200).extract().path("next");
            }
            assertEquals(all.size(), seen.size(), sort);
            assertTrue(seen.containsAll(all), sort);
        }
        assertEquals(4, count("name=in:\"even, odd\",nobody"));
        assertEquals(5, count("name=in:\"even, odd\",b1"));
        assertEquals(3, count("tag=t0"));
        assertEquals(0, count("tag=t0&tag=t1"));
        assertEquals(1, count("min_disk=3"));
        assertEquals(7, count("status=in:queued,active"));
        assertEquals(0, count("size_min=1"));
        assertEquals(7, count("created_at=gt:2020-01-01T00:00:00Z"));
        assertEquals(0, count("created_at=lt:2020-01-01"));
        for (String bad : List.of(
                "limit=-1",
                "limit=x",
                "marker=" + UUID.randomUUID(),
                "sort=colour:asc",
                "sort_dir=up",
                "visibility=all-of-them",
                "created_at=gt:yesterday",
                "size_min=much",
                "protected=maybe")) {
            Api.member(project).get("/v2/images?" + bad).then().statusCode(400);
        }
    }

    @Test
    void aProtectedImageIsNotDeletedAndADeletedOneIsGone() {
        String token = TestTokens.member(project);
        String id = Api.image(project, Map.of("protected", true));
        Api.member(project).delete("/v2/images/" + id).then().statusCode(403);
        Api.patch(token, id, "[{\"op\": \"replace\", \"path\": \"/protected\", \"value\": false}]")
                .then()
                .statusCode(200);
        Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        Api.member(project).get("/v2/images/" + id).then().statusCode(404);
        Api.member(project).delete("/v2/images/" + id).then().statusCode(404);
        Api.member(project).delete("/v2/images/").then().statusCode(404);
    }

    @Test
    void tagsComeAndGoOneByOne() {
        String id = Api.image(project, Map.of());
        Api.member(project).put("/v2/images/" + id + "/tags/blue").then().statusCode(204);
        Api.member(project).get("/v2/images/" + id).then().body("tags", equalTo(List.of("blue")));
        Api.member(project).delete("/v2/images/" + id + "/tags/blue").then().statusCode(204);
        Api.member(project).delete("/v2/images/" + id + "/tags/blue").then().statusCode(404);
        Api.member(project)
                .put("/v2/images/" + UUID.randomUUID() + "/tags/blue")
                .then()
                .statusCode(404);
    }

    @Test
    void whereTheBytesLieIsForTheOwnerToSee() {
        String id = Api.image(project, Map.of("visibility", "community"));
        Api.upload(project, id, new byte[10]).then().statusCode(204);
        String list = "/v2/images?visibility=community&owner=" + project;
        for (int i = 0; i < 2; i++) {
            Api.member(project).get("/v2/images/" + id).then().body("locations[0].url", startsWith("file:///"));
            Api.member(other)
                    .get("/v2/images/" + id)
                    .then()
                    .body("locations.size()", equalTo(0))
                    .body("stores", equalTo("file"));
            Api.member(project).get(list).then().body("images[0].locations.size()", equalTo(1));
            Api.member(other).get(list).then().body("images[0].locations.size()", equalTo(0));
        }
        for (String url : List.of("file:///etc/passwd", "http://169.254.169.254/", "http://[::1]/", "s3://a/b", "")) {
            String queued = Api.image(project, Map.of());
            for (String patch : List.of(
                    "[{\"op\": \"add\", \"path\": \"/locations/-\", \"value\": {\"url\": \"%s\", \"metadata\": {}}}]",
                    "[{\"op\": \"replace\", \"path\": \"/locations\", \"value\":"
                            + " [{\"url\": \"%s\", \"metadata\": {}}]}]")) {
                Api.patch(TestTokens.member(project), queued, patch.formatted(url))
                        .then()
                        .statusCode(400);
                Api.patch(TestTokens.member(other), id, patch.formatted(url))
                        .then()
                        .statusCode(403);
            }
            assertEquals("queued", Api.status(project, queued));
        }
    }

    /** It takes what is JSON for an object of objects. */
    @Test
    void glancesOwnClientReadsErrorsOnPages() {
        String page = Api.member(project)
                .header("User-Agent", "python-glanceclient")
                .get("/v2/images/<b>")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .extract()
                .asString();
        assertTrue(page.contains("<h1>404 Not Found</h1>\nNo image found with ID &lt;b&gt;"), page);
        Api.member(project)
                .header("User-Agent", "python-glanceclient")
                .accept(ContentType.JSON)
                .get("/v2/images/x")
                .then()
                .statusCode(404)
                .body("code", equalTo("404 Not Found"));
    }

    @Test
    void discoverySchemasAndStoresAnswer() {
        io.restassured.RestAssured.given()
                .get("/")
                .then()
                .statusCode(300)
                .body("versions[0].status", equalTo("CURRENT"));
        io.restassured.RestAssured.given().get("/versions").then().statusCode(200);
        for (String schema : List.of("image", "images", "member", "members")) {
            Api.member(project)
                    .get("/v2/schemas/" + schema)
                    .then()
                    .statusCode(200)
                    .body("name", equalTo(schema));
        }
        Api.member(project)
                .get("/v2/info/stores")
                .then()
                .statusCode(200)
                .body("stores[0].id", equalTo("file"))
                .body("stores[0].default", equalTo("true"));
        Api.member(project).get("/v2/info/import").then().statusCode(200);
        Api.member(project).get("/v2/nothing").then().statusCode(404).body("code", equalTo("404 Not Found"));
    }

    private int count(String filter) {
        return ids(Api.member(project).get("/v2/images?owner=" + project + "&" + filter))
                .size();
    }

    private static Response answerFor(String caller, String member, String id) {
        return Api.member(caller)
                .contentType(ContentType.JSON)
                .body(Map.of("status", "accepted"))
                .put("/v2/images/" + id + "/members/" + member);
    }

    private static List<String> ids(Response list) {
        return list.then().statusCode(200).extract().path("images.id");
    }
}
