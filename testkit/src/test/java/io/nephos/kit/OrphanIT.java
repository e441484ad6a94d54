package io.nephos.kit;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.DomainEvent;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Projects and domains that identity disables and deletes, as a service with widgets hears of it. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class OrphanIT {
    private final String project = UUID.randomUUID().toString();
    private final String domain = UUID.randomUUID().toString();

    @Inject
    Database db;

    @Test
    void whatADeletedProjectLeavesIsShownAndPurged() throws Exception {
        tell(Change.CHANGE_CREATED, 0);
        widget("free");
        widget("held");
        tell(Change.CHANGE_DELETED, 1);
        Await.until(() -> left() == 2);
        assertTrue(WidgetService.WidgetBelongings.FORGOTTEN.contains(project));
        JsonPath purged = given().header("X-Auth-Token", TestTokens.admin())
                .delete("/nephos/v1/orphans/" + project)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath();
        assertTrue(purged.getList("refused.reason").equals(List.of("It is held.")));
        Await.until(() -> left() == 1);
    }

    @Test
    void whatADisabledProjectOwnsIsShownButNotPurged() throws Exception {
        tell(Change.CHANGE_CREATED, 0);
        widget("one");
        tell(Change.CHANGE_DISABLED, 1);
        Await.until(() -> left() == 1);
        given().header("X-Auth-Token", TestTokens.admin())
                .get("/nephos/v1/orphans")
                .then()
                .body("orphans.find { it.project_id == '" + project + "' }.deleted_at", nullValue());
        given().header("X-Auth-Token", TestTokens.admin())
                .delete("/nephos/v1/orphans/" + project)
                .then()
                .statusCode(409);
        tell(Change.CHANGE_UPDATED, 2);
        Await.until(() -> left() == 0);
    }

    @Test
    void theProjectsOfADisabledDomainAreShownUntilItIsEnabled() throws Exception {
        tell(Change.CHANGE_CREATED, 0);
        widget("one");
        tellDomain(Change.CHANGE_DISABLED, 1);
        Await.until(() -> left() == 1);
        tellDomain(Change.CHANGE_UPDATED, 2);
        Await.until(() -> left() == 0);
        tellDomain(Change.CHANGE_DISABLED, 1);
        tell(Change.CHANGE_DISABLED, 1);
        Await.until(() -> left() == 1);
        tell(Change.CHANGE_UPDATED, 2);
        Await.until(() -> left() == 0);
    }

    @Test
    void onlyAnAdministratorSeesThemAndAnUnknownProjectHasLeftNothing() {
        given().header("X-Auth-Token", TestTokens.member("p"))
                .get("/nephos/v1/orphans")
                .then()
                .statusCode(403);
        given().header("X-Auth-Token", TestTokens.member("p"))
                .delete("/nephos/v1/orphans/" + project)
                .then()
                .statusCode(403);
        given().header("X-Auth-Token", TestTokens.admin())
                .delete("/nephos/v1/orphans/" + project)
                .then()
                .statusCode(404)
                .body("error.code", equalTo(404));
    }

    private void tell(Change change, long generation) throws Exception {
        publish(
                "nephos.identity.project",
                project,
                ProjectEvent.newBuilder()
                        .setId(project)
                        .setDomainId(domain)
                        .setName("p-" + project)
                        .setChange(change)
                        .setGeneration(generation)
                        .build());
    }

    private void tellDomain(Change change, long generation) throws Exception {
        publish(
                "nephos.identity.domain",
                domain,
                DomainEvent.newBuilder()
                        .setId(domain)
                        .setName("d-" + domain)
                        .setChange(change)
                        .setGeneration(generation)
                        .build());
    }

    private void publish(String topic, String key, com.google.protobuf.Message event)
            throws ExecutionException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> db.run(tx -> tx.publish(topic, key, event))).get();
        }
    }

    private void widget(String name) {
        given().header("X-Auth-Token", TestTokens.member(project))
                .contentType(ContentType.JSON)
                .body(Map.of("widget", Map.of("name", name + "-" + project.substring(0, 8))))
                .post("/widgets")
                .then()
                .statusCode(200);
    }

    private int left() {
        Integer left = given().header("X-Auth-Token", TestTokens.admin())
                .get("/nephos/v1/orphans")
                .then()
                .statusCode(200)
                .extract()
                .path("orphans.find { it.project_id == '" + project + "' }?.resources?.widgets");
        return left == null ? 0 : left;
    }
}
