package io.nephos.scheduler.optimiser;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.contracts.events.v1.PlanEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class PlanIT {
    private static final String PLANS = "/nephos/v1/optimizer/plans";
    private final String zone = "zone-" + UUID.randomUUID();

    @Inject
    Database database;

    @Inject
    Broker broker;

    @Test
    void whatBecomesOfAPlanIsTold() throws InterruptedException {
        List<PlanEvent> heard = new CopyOnWriteArrayList<>();
        EventFeed<PlanEvent> feed =
                new EventFeed<>(broker, PlanStore.TOPIC, PlanEvent.getDefaultInstance(), heard::add);
        feed.start();
        try {
            String full = host();
            host();
            server(full);
            String id = plan(Map.of("goal", "drain", "host", full));
            awaitReady(id);
            admin().post(PLANS + "/" + id + "/approve").then().statusCode(200);
            admin().delete(PLANS + "/" + id).then().statusCode(204);
            List<String> told = List.of(
                    "CHANGE_CREATED PENDING",
                    "CHANGE_UPDATED READY",
                    "CHANGE_UPDATED APPROVED",
                    "CHANGE_DELETED APPROVED");
            Supplier<List<String>> ours = () -> heard.stream()
                    .filter(event -> event.getId().equals(id) && event.getGoal().equals("drain"))
                    .map(event -> event.getChange() + " " + event.getState())
                    .toList();
            Await.comesTrue(Duration.ofSeconds(30), () -> ours.get().equals(told));
            assertEquals(told, ours.get());
        } finally {
            feed.stop();
        }
    }

    @Test
    void aDrainIsPlannedApprovedAndNotAppliedYet() throws InterruptedException {
        String full = host();
        String free = host();
        String server = server(full);
        String id = plan(Map.of("goal", "drain", "host", full));
        awaitReady(id);
        admin().get(PLANS + "/" + id)
                .then()
                .body("migrations", hasSize(1))
                .body("migrations[0].server", equalTo(server))
                .body("migrations[0].to", equalTo("host-" + free))
                .body("freed_hosts", hasItem("host-" + full))
                .body("unmovable_servers", hasSize(0));
        admin().post(PLANS + "/" + id + "/apply").then().statusCode(409);
        admin().post(PLANS + "/" + id + "/approve")
                .then()
                .statusCode(200)
                .body("state", equalTo("APPROVED"))
                .body("approved_by", equalTo("admin"));
        admin().post(PLANS + "/" + id + "/approve").then().statusCode(409);
        admin().post(PLANS + "/" + id + "/apply")
                .then()
                .statusCode(501)
                .body("errors[0].status", equalTo(501))
                .body("errors[0].title", equalTo("Not Implemented"));
        admin().get(PLANS).then().body("plans.id", hasItem(id));
        admin().delete(PLANS + "/" + id).then().statusCode(204);
        admin().get(PLANS + "/" + id).then().statusCode(404);
    }

    @Test
    void whatAServerAskedForBindsItsPlanAndNothingElseDoes() throws InterruptedException {
        String full = host();
        String other = host();
        String fast = host();
        for (String id : List.of(full, fast)) {
            database.execute(
                    "insert into provider_trait (provider_id, trait) values ($1, 'HW_CPU_X86_AVX2') on conflict do nothing",
                    id);
        }
        String picky = server(full);
        String easy = server(full);
        database.execute(
                "update consumer set wish = $2 where id = $1",
                picky,
                "{\"requiredTraits\":[\"HW_CPU_X86_AVX2\"],\"availabilityZone\":\"" + zone + "\"}");
        database.execute(
                "update consumer set wish = $2 where id = $1", easy, "{\"availabilityZone\":\"" + zone + "\"}");
        // The place of the same kind is nearly full: who asked for nothing must do with the other kind.
        database.execute("update inventory set total = 3, max_unit = 3 where provider_id = $1", fast);
        String id = plan(Map.of("goal", "drain", "host", full));
        awaitReady(id);
        admin().get(PLANS + "/" + id)
                .then()
                .body("unmovable_servers", hasSize(0))
                .body("migrations.find { it.server == '" + picky + "' }.to", equalTo("host-" + fast))
                .body("migrations.find { it.server == '" + easy + "' }.to", equalTo("host-" + other));
        admin().delete(PLANS + "/" + id).then().statusCode(204);
    }

    @Test
    void whoHasCpusOfItsOwnGoesToWhereThereAreSome() throws InterruptedException {
        String full = host();
        host(); // empty, and has no cells to tell of
        String taken = host();
        String free = host();
        for (String id : List.of(full, taken, free)) {
            database.execute(
                    "update host set numa_cells = $2 where id = $1",
                    id,
                    "[{\"number\":0,\"cpus\":2,\"pinnable\":[2,3],\"memoryMib\":1024}]");
        }
        String server = server(full);
        cell(server, full, "2,3");
        cell(server(taken), taken, "3");
        server(free);
        server(free);
        String id = plan(Map.of("goal", "drain", "host", full));
        awaitReady(id);
        admin().get(PLANS + "/" + id)
                .then()
                .body("unmovable_servers", hasSize(0))
                .body("migrations", hasSize(1))
                .body("migrations[0].server", equalTo(server))
                .body("migrations[0].to", equalTo("host-" + free));
        cell(server(free), free, "2");
        admin().post(PLANS + "/" + id + "/approve")
                .then()
                .statusCode(409)
                .body("errors[0].detail", containsString("has changed"));
    }

    private void cell(String server, String host, String pinned) {
        database.execute(
                "insert into allocation_cell (consumer_id, node, provider_id, cell, cpus, memory_mib, pinned)"
                        + " values ($1, 0, $2, 0, $3, 256, $4)",
                server,
                host,
                pinned.split(",", -1).length,
                pinned);
    }

    @Test
    void aPlanThatTheCloudHasOvertakenIsNotApproved() throws InterruptedException {
        String full = host();
        host();
        String server = server(full);
        String id = plan(Map.of("goal", "drain", "host", "host-" + full));
        awaitReady(id);
        database.execute("delete from allocation where consumer_id = $1", server);
        database.execute("delete from consumer where id = $1", server);
        for (String doing : List.of("approve", "approve", "apply")) {
            admin().post(PLANS + "/" + id + "/" + doing).then().statusCode(409);
        }
        admin().get(PLANS + "/" + id)
                .then()
                .body("state", equalTo("STALE"))
                .body("message", containsString("server " + server + " is not there any more"));
    }

    @Test
    void whatWasApprovedMayBeOvertakenBeforeItIsApplied() throws InterruptedException {
        String full = host();
        String free = host();
        server(full);
        String id = plan(Map.of("goal", "drain", "host", full));
        awaitReady(id);
        admin().post(PLANS + "/" + id + "/approve").then().statusCode(200);
        database.execute("update inventory set reserved = 7 where provider_id = $1", free);
        admin().post(PLANS + "/" + id + "/apply")
                .then()
                .statusCode(409)
                .body("errors[0].detail", containsString("host host-" + free + " cannot take server"));
        admin().get(PLANS + "/" + id).then().body("state", equalTo("STALE"));
    }

    @Test
    void whatIsAskedForMustMakeSenseAndComeFromAnAdministrator() {
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("goal", "tidy"),
                Map.of("goal", "drain"),
                Map.of("goal", "drain", "host", "nowhere"),
                Map.of("goal", "rebalance", "host", "nowhere"),
                Map.of("goal", "rebalance", "time_limit", 600),
                Map.of("goal", "rebalance", "colour", "blue"))) {
            admin().body(wrong).post(PLANS).then().statusCode(400);
        }
        given().header("X-Auth-Token", TestTokens.member("p")).get(PLANS).then().statusCode(403);
        given().get(PLANS).then().statusCode(401);
    }

    private String plan(Map<String, Object> body) {
        return admin().body(body)
                .post(PLANS)
                .then()
                .statusCode(202)
                .body("state", equalTo("PENDING"))
                .extract()
                .path("id");
    }

    private static void awaitReady(String id) throws InterruptedException {
        String state = "PENDING";
        for (int i = 0; i < 300 && state.equals("PENDING"); i++) {
            Thread.sleep(200);
            state = admin().get(PLANS + "/" + id).then().extract().path("state");
        }
        assertEquals("READY", state);
    }

    private String host() {
        String id = UUID.randomUUID().toString();
        database.execute("insert into resource_provider (id, name, root_id) values ($1, $2, $1)", id, "host-" + id);
        database.execute(
                "insert into inventory (provider_id, resource_class, total, reserved, min_unit, max_unit, step_size,"
                        + " allocation_ratio) values ($1, 'VCPU', 8, 0, 1, 8, 1, 1)",
                id);
        database.execute(
                "insert into host (id, name, agent_address, hypervisor_type, hypervisor_version, availability_zone,"
                        + " cpu_info, up, last_heartbeat) values ($1, $2, '', 'qemu', 1, $3, '{}', true,"
                        + " now() + interval '1 hour')",
                id,
                "host-" + id,
                zone);
        return id;
    }

    private String server(String host) {
        String id = UUID.randomUUID().toString();
        database.execute(
                "insert into consumer (id, project_id, user_id, claimed_by, consumer_type)"
                        + " values ($1, 'p', 'u', 'compute', 'INSTANCE')",
                id);
        database.execute(
                "insert into allocation (consumer_id, provider_id, resource_class, used) values ($1, $2, 'VCPU', 2)",
                id,
                host);
        return id;
    }

    private static RequestSpecification admin() {
        return given().header("X-Auth-Token", TestTokens.admin()).contentType(ContentType.JSON);
    }
}
