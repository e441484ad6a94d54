package io.nephos.block.volume;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.block.Api;
import io.nephos.block.StorageDaemonProcess;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.tenant.ProjectListener;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.RawHttp;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(StorageDaemonProcess.class)
class VolumeIT {
    private final String project = Api.project();

    @Inject
    Database db;

    @Inject
    ProjectListener projects;

    @Test
    void whatNoRouteGetsToSeeIsAnsweredInTheDialectToo() {
        String answer = RawHttp.answer("POST /v3/volumes HTTP/1.1", "Content-Length: some");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("{\"badRequest\":{"), answer);
        assertTrue(answer.contains("content-length header must be an integer"), answer);
    }

    @Test
    void theVersionsAreToldWithoutAToken() {
        RestAssured.get("/")
                .then()
                .statusCode(300)
                .body("versions[0].id", equalTo("v3.0"))
                .body("versions[0].min_version", equalTo("3.0"))
                .header("OpenStack-API-Version", "volume 3.0");
        RestAssured.get("/v3/").then().statusCode(200).body("versions[0].status", equalTo("CURRENT"));
        RestAssured.get("/v3").then().statusCode(200);
        RestAssured.get("/v3/volumes").then().statusCode(401).body("error.code", equalTo(401));
    }

    @Test
    void theLimitsOfADeletedProjectGo() {
        db.execute("insert into quota_limit (project_id, resource, value) values ($1, 'volumes', 3)", project);
        projects.on(
                project,
                ProjectEvent.newBuilder()
                        .setId(project)
                        .setChange(Change.CHANGE_DELETED)
                        .build());
        assertEquals(
                0,
                db.rows("select 1 from quota_limit where project_id = $1", project)
                        .size());
    }

    @Test
    void aVolumeIsCreatedShownChangedAndDeleted() {
        String id = Api.create(project, Map.of("name", "v", "metadata", Map.of("Type", "Test")))
                .then()
                .statusCode(202)
                .body("volume.status", equalTo("creating"))
                .body("volume.bootable", equalTo("false"))
                .body("volume.volume_type", equalTo("__DEFAULT__"))
                .body("volume.attachments", hasSize(0))
                .extract()
                .path("volume.id");
        Await.until(() -> Api.status(project, id).equals("available"));
        assertTrue(Files.exists(StorageDaemonProcess.file(id)));
        Api.put(Api.member(project), "/v3/volumes/" + id, Map.of("volume", Map.of("name", "w", "description", "d")))
                .then()
                .statusCode(200)
                .body("volume.name", equalTo("w"))
                .body("volume.description", equalTo("d"));
        Api.member(project)
                .get("/v3/volumes/" + id)
                .then()
                .body("volume.name", equalTo("w"))
                .body("volume.metadata.Type", equalTo("Test"))
                .body("volume.size", equalTo(1))
                .body("volume", not(hasItem("os-vol-host-attr:host")))
                .body("volume.links[0].href", containsString("/v3/" + project + "/volumes/" + id));
        Api.member(project).delete("/v3/volumes/" + id).then().statusCode(202);
        Await.until(() -> Api.status(project, id).equals("gone"));
        assertFalse(Files.exists(StorageDaemonProcess.file(id)));
    }

    @Test
    void bothFormsOfThePathAreTheSame() {
        String id = Api.volume(project, Map.of());
        Api.member(project)
                .get("/v3/" + project + "/volumes/" + id)
                .then()
                .statusCode(200)
                .body("volume.id", equalTo(id));
        Api.member(project)
                .get("/v3/" + Api.project() + "/volumes/" + id)
                .then()
                .statusCode(400);
        Api.member(project).get("/v3/" + project + "/volumes/").then().statusCode(404);
    }

    @Test
    void anotherProjectSeesNothingOfIt() {
        String id = Api.volume(project, Map.of());
        String other = Api.project();
        Api.member(other)
                .get("/v3/volumes/" + id)
                .then()
                .statusCode(404)
                .body("itemNotFound.code", equalTo(404))
                .body("itemNotFound.message", equalTo("Volume " + id + " could not be found."));
        Api.member(other).delete("/v3/volumes/" + id).then().statusCode(404);
        Api.member(other).get("/v3/volumes/detail").then().body("volumes", hasSize(0));
        Api.member(other).get("/v3/volumes?all_tenants=1").then().body("volumes", hasSize(0));
        Api.admin().get("/v3/volumes?all_tenants=1").then().body("volumes.id", hasItem(id));
        Api.as(TestTokens.reader(project)).get("/v3/volumes/" + id).then().statusCode(200);
        Api.as(TestTokens.reader(project))
                .delete("/v3/volumes/" + id)
                .then()
                .statusCode(403)
                .body("forbidden.message", containsString("volume:delete"));
    }

    @Test
    void badRequestsAreRefusedInCindersWords() {
        for (Map<String, ?> bad : List.of(
                Map.of("size", "#$%"),
                Map.of("size", ""),
                Map.of("size", 0),
                Map.of("size", "-1"),
                Map.of("availability_zone", "elsewhere"),
                Map.of("multiattach", true),
                Map.of("imageRef", "no-uuid"),
                Map.of("metadata", Map.of("k", 7)))) {
            Api.create(project, bad).then().statusCode(400).body("badRequest.code", equalTo(400));
        }
        for (Map<String, ?> missing : List.of(
                Map.of("snapshot_id", UUID.randomUUID().toString()),
                Map.of("source_volid", UUID.randomUUID().toString()),
                Map.of("volume_type", UUID.randomUUID().toString()))) {
            Api.create(project, missing).then().statusCode(404);
        }
    }

    @Test
    void aListIsPagedFilteredAndSorted() {
        List<String> ids = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            ids.add(Api.volume(project, Map.of("name", name, "metadata", Map.of("Type", name))));
        }
        String next = Api.member(project)
                .get("/v3/" + project + "/volumes/detail?limit=2&sort=name:asc")
                .then()
                .body("volumes.name", equalTo(List.of("a", "b")))
                .body("volumes_links[0].rel", equalTo("next"))
                .extract()
                .path("volumes_links[0].href");
        assertTrue(next.contains("/v3/" + project + "/volumes/detail?") && next.contains("marker=" + ids.get(1)), next);
        Api.member(project)
                .urlEncodingEnabled(false)
                .get(next)
                .then()
                .body("volumes.name", equalTo(List.of("c")))
                .body("volumes_links", nullValue());
        Api.member(project).get("/v3/volumes").then().body("volumes.name", equalTo(List.of("c", "b", "a")));
        Api.member(project)
                .queryParam("metadata", "{'Type': 'b'}")
                .get("/v3/volumes")
                .then()
                .body("volumes.id", equalTo(List.of(ids.get(1))));
        Api.member(project).get("/v3/volumes?name=c&status=available").then().body("volumes.id", hasSize(1));
        Api.member(project).get("/v3/volumes?status=null").then().body("volumes", hasSize(0));
        Api.member(project).get("/v3/volumes?limit=0").then().body("volumes", hasSize(0));
        Api.member(project)
                .get("/v3/volumes?marker=" + UUID.randomUUID())
                .then()
                .statusCode(400);
        Api.member(project).get("/v3/volumes/summary").then().statusCode(404);
        Api.member(project)
                .header("OpenStack-API-Version", "volume 3.12")
                .get("/v3/volumes/summary")
                .then()
                .statusCode(200)
                .body("volume-summary.total_count", equalTo(3))
                .body("volume-summary.total_size", equalTo(3));
    }

    @Test
    void metadataIsAddedReplacedAndRemoved() {
        String id = Api.volume(project, Map.of());
        String path = "/v3/volumes/" + id + "/metadata";
        Api.post(Api.member(project), path, Map.of("metadata", Map.of("a", "1", "b", "2")))
                .then()
                .statusCode(200)
                .body("metadata.a", equalTo("1"));
        Api.put(Api.member(project), path + "/a", Map.of("meta", Map.of("a", "3")))
                .then()
                .statusCode(200)
                .body("meta.a", equalTo("3"));
        Api.member(project).delete(path + "/b").then().statusCode(200);
        Api.member(project).get(path).then().body("metadata", equalTo(Map.of("a", "3")));
        Api.put(Api.member(project), path, Map.of("metadata", Map.of("c", "4")))
                .then()
                .body("metadata", equalTo(Map.of("c", "4")));
        Api.member(project).get(path + "/a").then().statusCode(404);
    }

    @Test
    void aVolumeGrowsAndKeepsWithinItsQuota() {
        String id = Api.volume(project, Map.of());
        Api.act(Api.member(project), id, "os-extend", Map.of("new_size", 2))
                .then()
                .statusCode(202);
        Await.until(() -> Api.status(project, id).equals("available"));
        Api.member(project).get("/v3/volumes/" + id).then().body("volume.size", equalTo(2));
        Api.act(Api.member(project), id, "os-extend", Map.of("new_size", 2))
                .then()
                .statusCode(400);
        Api.act(Api.member(project), id, "os-extend", Map.of("new_size", 1001))
                .then()
                .statusCode(413)
                .body("overLimit.code", equalTo(413))
                .body("overLimit.message", containsString("gigabytes quota"));
        Api.put(Api.admin(), "/v3/os-quota-sets/" + project, Map.of("quota_set", Map.of("volumes", 1)))
                .then()
                .statusCode(200)
                .body("quota_set.volumes", equalTo(1));
        Api.create(project, Map.of()).then().statusCode(413);
        Api.member(project)
                .get("/v3/limits")
                .then()
                .body("limits.absolute.totalVolumesUsed", equalTo(1))
                .body("limits.absolute.totalGigabytesUsed", equalTo(2))
                .body("limits.absolute.maxTotalVolumes", equalTo(1));
        Api.member(project)
                .get("/v3/os-quota-sets/" + project + "?usage=True")
                .then()
                .body("quota_set.gigabytes.in_use", equalTo(2))
                .body("quota_set.volumes.limit", equalTo(1));
        Api.member(project).delete("/v3/os-quota-sets/" + project).then().statusCode(403);
    }

    @Test
    void typesAreManagedByAdministratorsAndPrivateOnesSeenByWhoMay() {
        String name = "fast-" + UUID.randomUUID();
        String id = Api.post(
                        Api.admin(),
                        "/v3/types",
                        Map.of(
                                "volume_type",
                                Map.of(
                                        "name",
                                        name,
                                        "os-volume-type-access:is_public",
                                        false,
                                        "extra_specs",
                                        Map.of("k", "v"))))
                .then()
                .statusCode(200)
                .body("volume_type.is_public", equalTo(false))
                .extract()
                .path("volume_type.id");
        Api.member(project).get("/v3/types/" + id).then().statusCode(404);
        Api.create(project, Map.of("volume_type", name)).then().statusCode(404);
        Api.post(Api.admin(), "/v3/types/" + id + "/action", Map.of("addProjectAccess", Map.of("project", project)))
                .then()
                .statusCode(202);
        String volume = Api.volume(project, Map.of("volume_type", name));
        Api.member(project).get("/v3/volumes/" + volume).then().body("volume.volume_type", equalTo(name));
        Api.admin().delete("/v3/types/" + id).then().statusCode(400);
        Api.member(project).get("/v3/types/default").then().body("volume_type.name", equalTo("__DEFAULT__"));
        Api.post(Api.member(project), "/v3/types", Map.of("volume_type", Map.of("name", "x")))
                .then()
                .statusCode(403);
        Api.put(Api.admin(), "/v3/types/" + id + "/extra_specs/k", Map.of("k", "w"))
                .then()
                .statusCode(200)
                .body("k", equalTo("w"));
        Api.admin().delete("/v3/types/" + id + "/extra_specs/k").then().statusCode(202);
        Api.admin().get("/v3/types/" + id + "/extra_specs").then().body("extra_specs", equalTo(Map.of()));
    }

    @Test
    void theBackendIsShownToAdministrators() {
        Await.until(() -> "up".equals(Api.admin().get("/v3/os-services").path("services[0].state")));
        Api.admin()
                .get("/v3/scheduler-stats/get_pools?detail=True")
                .then()
                .statusCode(200)
                .body("pools[0].capabilities.volume_backend_name", equalTo("file"));
        Api.member(project).get("/v3/os-services").then().statusCode(403);
        Api.member(project)
                .get("/v3/os-availability-zone")
                .then()
                .body("availabilityZoneInfo[0].zoneName", equalTo("nova"));
        Api.member(project).get("/v3/extensions").then().body("extensions.alias", hasItem("os-quota-sets"));
    }

    @Test
    void actionsChangeWhatClientsSee() {
        String id = Api.volume(project, Map.of());
        Api.act(Api.member(project), id, "os-set_bootable", Map.of("bootable", true))
                .then()
                .statusCode(200);
        Api.act(Api.member(project), id, "os-update_readonly_flag", Map.of("readonly", true))
                .then()
                .statusCode(202);
        Api.member(project)
                .get("/v3/volumes/" + id)
                .then()
                .body("volume.bootable", equalTo("true"))
                .body("volume.metadata.readonly", equalTo("True"));
        Api.act(Api.member(project), id, "os-reset_status", Map.of("status", "error"))
                .then()
                .statusCode(403);
        Api.act(Api.admin(), id, "os-reset_status", Map.of("status", "deleting"))
                .then()
                .statusCode(202);
        assertEquals("deleting", Api.status(project, id));
        Api.act(Api.admin(), id, "os-reset_status", Map.of("status", "nonsense"))
                .then()
                .statusCode(400);
        Api.act(Api.admin(), id, "os-force_delete", Map.of()).then().statusCode(202);
        Await.until(() -> Api.status(project, id).equals("gone"));
        Api.act(Api.member(project), UUID.randomUUID().toString(), "os-fly", Map.of())
                .then()
                .statusCode(400);
    }

    @Test
    void anUnknownVersionIsNotAcceptable() {
        Api.member(project)
                .header("OpenStack-API-Version", "volume 3.999")
                .get("/v3/volumes")
                .then()
                .statusCode(406);
        Api.member(project)
                .header("OpenStack-API-Version", "volume latest")
                .get("/v3/volumes")
                .then()
                .header("OpenStack-API-Version", startsWith("volume 3."));
    }
}
