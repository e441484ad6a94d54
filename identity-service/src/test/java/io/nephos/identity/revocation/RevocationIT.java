package io.nephos.identity.revocation;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.eventually;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.role;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.events.v1.RevocationEvent;
import io.nephos.identity.IdentityClient;
import io.nephos.identity.token.SigningKeyFiles;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.nephos.kit.token.Revocations;
import io.nephos.kit.token.TokenVerifier;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends a token ends it in every other service within a second, and still after that service has started again. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class RevocationIT {
    @Inject
    SigningKeyFiles keys;

    @Inject
    Broker broker;

    @Inject
    Database db;

    @Inject
    RevocationFeed feed;

    private String admin;

    /** Another service: it has the keys and the feed, and nothing else of identity. */
    private final class Service {
        private final Revocations revocations = new Revocations(broker);
        private final TokenVerifier verifier = new TokenVerifier(keys, revocations);
        private final EventFeed<RevocationEvent> feed =
                new EventFeed<>(broker, Revocations.TOPIC, RevocationEvent.getDefaultInstance(), revocations::add);

        Service() throws InterruptedException {
            feed.start();
            while (!feed.caughtUp()) {
                Thread.sleep(20);
            }
        }

        boolean takes(String token) {
            return verifier.verifyCached(token).isPresent();
        }
    }

    /** A user with a project, a group and a domain of his own, and a token for the project. */
    private final class World {
        private final String domain = create("domains", "domain", "\"name\": \"" + unique("d") + "\"");
        private final String name = unique("u");
        private final String user = create(
                "users", "user", "\"name\": \"" + name + "\", \"password\": \"pw\", \"domain_id\": \"" + domain + "\"");
        private final String project =
                create("projects", "project", "\"name\": \"p\", \"domain_id\": \"" + domain + "\"");
        private final String group = create("groups", "group", "\"name\": \"g\", \"domain_id\": \"" + domain + "\"");
        private final String role = create("roles", "role", "\"name\": \"" + unique("r") + "\"");
        private String token = "";
        private String credential = "";

        World by(String... grants) {
            for (String grant : grants) {
                put(grant);
            }
            token = signIn(domain, name, "pw", onProject(project)).header("X-Subject-Token");
            return this;
        }

        String userRole() {
            return "/v3/projects/" + project + "/users/" + user + "/roles/" + role;
        }

        String groupRole() {
            return "/v3/projects/" + project + "/groups/" + group + "/roles/" + role;
        }

        String inheritedRole() {
            return "/v3/OS-INHERIT/domains/" + domain + "/users/" + user + "/roles/" + role + "/inherited_to_projects";
        }

        String membership() {
            return "/v3/groups/" + group + "/users/" + user;
        }

        World byCredential() {
            by(userRole());
            Response made = as(token)
                    .body("{\"application_credential\": {\"name\": \"ac\"}}")
                    .post("/v3/users/" + user + "/application_credentials");
            credential = made.path("application_credential.id");
            token = IdentityClient.byCredential(credential, made.path("application_credential.secret"))
                    .header("X-Subject-Token");
            return this;
        }
    }

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        admin = admin();
    }

    @Test
    void whateverTakesATokensGroundAwayEndsItEverywhereWithinASecondAndForGood() throws InterruptedException {
        Map<String, Case> cases = new LinkedHashMap<>();
        World world = new World();
        cases.put(
                "the token",
                new Case(
                        world.by(world.userRole()),
                        it -> as(admin)
                                .header("X-Subject-Token", it.token)
                                .delete("/v3/auth/tokens")
                                .then()
                                .statusCode(204)));
        cases.put("user disabled", new Case(user(), it -> patch("users", "user", it.user, "\"enabled\": false")));
        cases.put("user deleted", new Case(user(), it -> delete("/v3/users/" + it.user)));
        cases.put("password reset", new Case(user(), it -> patch("users", "user", it.user, "\"password\": \"new\"")));
        cases.put(
                "password changed",
                new Case(
                        user(),
                        it -> as("").body("{\"user\": {\"original_password\": \"pw\", \"password\": \"other\"}}")
                                .post("/v3/users/" + it.user + "/password")
                                .then()
                                .statusCode(204)));
        cases.put(
                "project disabled",
                new Case(user(), it -> patch("projects", "project", it.project, "\"enabled\": false")));
        cases.put("project deleted", new Case(user(), it -> delete("/v3/projects/" + it.project)));
        cases.put(
                "domain disabled", new Case(user(), it -> patch("domains", "domain", it.domain, "\"enabled\": false")));
        cases.put("role taken", new Case(user(), it -> delete(it.userRole())));
        cases.put("role deleted", new Case(user(), it -> delete("/v3/roles/" + it.role)));
        World grouped = new World();
        cases.put(
                "group's role taken",
                new Case(grouped.by(grouped.membership(), grouped.groupRole()), it -> delete(it.groupRole())));
        World left = new World();
        cases.put("group left", new Case(left.by(left.membership(), left.groupRole()), it -> delete(it.membership())));
        World gone = new World();
        cases.put(
                "group deleted",
                new Case(gone.by(gone.membership(), gone.groupRole()), it -> delete("/v3/groups/" + it.group)));
        World heir = new World();
        cases.put("inherited role taken", new Case(heir.by(heir.inheritedRole()), it -> delete(it.inheritedRole())));
        World implied = new World();
        String rule = "/v3/roles/" + implied.role + "/implies/" + role(admin, "reader");
        put(rule);
        cases.put("implication removed", new Case(implied.by(implied.userRole()), it -> delete(rule)));
        cases.put(
                "credential deleted",
                new Case(
                        new World().byCredential(),
                        it -> delete("/v3/users/" + it.user + "/application_credentials/" + it.credential)));
        cases.put(
                "role taken from under a credential",
                new Case(new World().byCredential(), it -> delete(it.userRole())));

        Service service = new Service();
        World untouched = user();
        cases.forEach((name, one) -> assertTrue(service.takes(one.world().token), name));
        List<String> late = new ArrayList<>();
        for (Map.Entry<String, Case> one : cases.entrySet()) {
            one.getValue().cause().accept(one.getValue().world());
            long end = System.nanoTime() + 1_000_000_000L;
            boolean taken = true;
            while (taken && System.nanoTime() < end) {
                taken = service.takes(one.getValue().world().token);
                Thread.sleep(10);
            }
            if (taken) {
                late.add(one.getKey());
            }
            as(one.getValue().world().token).get("/v3/auth/catalog").then().statusCode(401);
        }
        assertTrue(late.isEmpty(), "still taken after a second: " + late);
        Service restarted = new Service();
        cases.forEach((name, one) -> assertFalse(restarted.takes(one.world().token), name));
        assertTrue(service.takes(untouched.token));
        assertTrue(restarted.takes(untouched.token));
        service.feed.stop();
        restarted.feed.stop();
    }

    @Test
    void aSignInByWhatWasKnownBeforeAnotherReplicasChangeGivesATokenThatTheChangeEnds() throws InterruptedException {
        World world = user();
        Service service = new Service();
        assertTrue(service.takes(world.token));
        // Behind the back of this replica, which goes on by what it knows for half a second at most.
        db.execute("update app_user set enabled = false where id = $1", world.user);
        long changed = System.currentTimeMillis();
        Response late = signIn(world.domain, world.name, "pw", onProject(world.project));
        service.revocations.add(RevocationEvent.newBuilder()
                .setId(unique("r"))
                .setUserId(world.user)
                .setIssuedBeforeMs(changed)
                .setExpiresMs(changed + 60_000)
                .build());
        if (late.statusCode() == 201) {
            assertFalse(service.takes(late.header("X-Subject-Token")));
        }
        eventually(() ->
                signIn(world.domain, world.name, "pw", onProject(world.project)).statusCode() == 401);
        service.feed.stop();
    }

    @Test
    void aTokenThatIsMadeWhileTheChangeThatEndsItIsNotCommittedEndsWithIt() throws InterruptedException {
        World world = user();
        Service service = new Service();
        // Longer than what was known for the first token is good for.
        Thread.sleep(600);
        CountDownLatch made = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread change = Thread.ofVirtual()
                .start(() -> db.run(tx -> {
                    tx.executeNative("delete from assignment where actor_id = :user", Map.of("user", world.user));
                    feed.userOnProject(tx, world.user, world.project);
                    begun.countDown();
                    await(made);
                }));
        begun.await();
        String late = signIn(world.domain, world.name, "pw", onProject(world.project))
                .then()
                .statusCode(201)
                .extract()
                .header("X-Subject-Token");
        assertTrue(service.takes(late));
        made.countDown();
        change.join();
        eventually(() -> !service.takes(late));
        signIn(world.domain, world.name, "pw", onProject(world.project)).then().statusCode(401);
        service.feed.stop();
    }

    @Test
    void noneIsMadeWhileARevocationThatHasTakenItsMomentIsNotCommitted() throws InterruptedException {
        World world = user();
        CountDownLatch enough = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread commit = Thread.ofVirtual()
                .start(() -> db.run(tx -> {
                    tx.serialize(RevocationFeed.COMMITTING);
                    begun.countDown();
                    await(enough);
                }));
        begun.await();
        // Longer than what was known before is good for.
        Thread.sleep(600);
        CompletableFuture<Integer> late = CompletableFuture.supplyAsync(() ->
                signIn(world.domain, world.name, "pw", onProject(world.project)).statusCode());
        Thread.sleep(500);
        assertFalse(late.isDone());
        enough.countDown();
        commit.join();
        assertEquals(201, late.join());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Case(World world, Consumer<World> cause) {}

    private World user() {
        World world = new World();
        return world.by(world.userRole());
    }

    private String create(String collection, String noun, String attributes) {
        return as(admin)
                .body("{\"" + noun + "\": {" + attributes + "}}")
                .post("/v3/" + collection)
                .then()
                .statusCode(201)
                .extract()
                .path(noun + ".id");
    }

    private void put(String path) {
        int status = as(admin).put(path).statusCode();
        assertTrue(status == 204 || status == 201, path + " " + status);
    }

    private void patch(String collection, String noun, String id, String attributes) {
        as(admin)
                .body("{\"" + noun + "\": {" + attributes + "}}")
                .patch("/v3/" + collection + "/" + id)
                .then()
                .statusCode(200);
    }

    private void delete(String path) {
        as(admin).delete(path).then().statusCode(204);
    }
}
