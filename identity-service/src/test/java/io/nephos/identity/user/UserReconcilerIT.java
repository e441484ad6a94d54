package io.nephos.identity.user;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.identity.IdentityClient;
import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.keycloak.KeycloakUser;
import io.nephos.identity.wire.Ids;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a crash or an absence of Keycloak leaves, and that both sides are equal afterwards. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(io.nephos.testkit.Keycloak.class)
class UserReconcilerIT {
    @Inject
    Database db;

    @Inject
    Keycloak keycloak;

    @Inject
    UserReconciler reconciler;

    @Inject
    KeycloakWatch watch;

    @AfterEach
    void giveKeycloakBack() {
        io.nephos.testkit.Keycloak.giveBack();
    }

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
    }

    @Test
    void aCrashAfterKeycloakMadeTheUserLeavesItOnNeitherSide() {
        UserRow row = row(UserRow.CREATING, Instant.now().minus(Duration.ofMinutes(1)));
        assertTrue(keycloak.create(row.id, row.username(), row.domainId, true, Optional.of("pw")));
        db.run(tx -> {
            tx.insert(row);
            tx.wake(UserReconciler.KIND, row.id);
        });
        eventually(() -> gone(row.id));
        signIn("default", row.name, "pw", "").then().statusCode(401);
    }

    @Test
    void aCrashBeforeKeycloakMadeTheUserFreesItsName() {
        UserRow row = row(UserRow.CREATING, Instant.now().minus(Duration.ofMinutes(1)));
        db.run(tx -> {
            tx.insert(row);
            tx.wake(UserReconciler.KIND, row.id);
        });
        eventually(() -> gone(row.id));
        user(admin(), row.name);
    }

    @Test
    void aUserInTheMakingIsLeftToWhoMakesIt() {
        UserRow row = row(UserRow.CREATING, Instant.now());
        db.run(tx -> tx.insert(row));
        reconciler.reconcile(row.id);
        assertTrue(db.read(tx -> tx.find(UserRow.class, row.id)).isPresent());
        as(admin()).get("/v3/users/" + row.id).then().statusCode(404);
        db.run(tx -> tx.delete(row));
    }

    @Test
    void aCrashDuringAPasswordChangeEndsTheUsersTokens() {
        String name = unique("u");
        String id = user(admin(), name);
        String token = signIn("default", name, "pw", "").header("X-Subject-Token");
        db.run(tx -> {
            UserRow row = tx.find(UserRow.class, id).orElseThrow();
            row.passwordPendingAt = Instant.now().minus(Duration.ofMinutes(1));
            tx.update(row);
            tx.wake(UserReconciler.KIND, id);
        });
        eventually(() -> as(token).get("/v3/auth/projects").statusCode() == 401);
        assertEquals(Optional.empty(), db.read(tx -> tx.find(UserRow.class, id)).map(row -> row.passwordPendingAt));
    }

    @Test
    void whatKeycloakLostIsGoneHereAndBackWithAllItHadWhenItIsBackThere() {
        String name = unique("u");
        String id = user(admin(), name);
        String project = project(admin(), unique("p"));
        grant(admin(), id, project, "member");
        keycloak.delete(id);
        db.run(tx -> tx.wake(UserReconciler.KIND, id));
        eventually(() -> as(admin()).get("/v3/users/" + id).statusCode() == 404);
        assertTrue(keycloak.create(id, "default/" + name, "default", true, Optional.of("pw")));
        watch.everyone();
        as(admin()).get("/v3/users/" + id).then().statusCode(200);
        signIn("default", name, "pw", onProject(project)).then().statusCode(201);
    }

    /** Keycloak goes away at every moment of every change, and comes back: nothing is half done for long. */
    @Test
    void whereverKeycloakIsCutOffBothSidesAreEqualInTheEnd() throws Exception {
        String admin = admin();
        List<String> names = new ArrayList<>();
        Random random = new Random(7);
        for (int round = 0; round < 12; round++) {
            String name = unique("cut" + round);
            names.add(name);
            Runnable change;
            if (round % 4 == 0) {
                change = () -> as(admin)
                        .body("{\"user\": {\"name\": \"" + name + "\", \"password\": \"pw\"}}")
                        .post("/v3/users");
            } else {
                String id = user(admin, name);
                change = switch (round % 4) {
                    case 1 -> () -> as(admin).delete("/v3/users/" + id);
                    case 2 ->
                        () -> as(admin)
                                .body("{\"user\": {\"password\": \"new\"}}")
                                .patch("/v3/users/" + id);
                    default ->
                        () -> as(admin).body("{\"user\": {\"enabled\": false}}").patch("/v3/users/" + id);
                };
            }
            Thread changing = Thread.ofVirtual().start(change);
            Thread.sleep(random.nextInt(80));
            io.nephos.testkit.Keycloak.takeAway();
            changing.join();
            io.nephos.testkit.Keycloak.giveBack();
        }
        for (String name : names) {
            eventually(() -> equal(name), Duration.ofSeconds(40));
        }
        as(admin).get("/v3/auth/projects").then().statusCode(200);
    }

    private boolean equal(String name) {
        Optional<UserRow> row =
                db.read(tx -> tx.first(UserRow.class, "from UserRow where name = :name", Map.of("name", name)));
        Optional<KeycloakUser> there = keycloak.arrivalNamed("default/" + name).map(arrival -> arrival.user());
        return row.isEmpty()
                ? there.isEmpty()
                : row.get().state.equals(UserRow.ACTIVE)
                        && row.get().passwordPendingAt == null
                        && there.equals(Optional.of(row.get().ours()))
                        && there.equals(row.get().last());
    }

    @Test
    void withKeycloakAwaySignInAndUserWritesWaitAndTokensGoOn() {
        String admin = admin();
        String name = unique("u");
        String id = user(admin, name);
        String late = unique("late");
        io.nephos.testkit.Keycloak.takeAway();
        signIn("default", name, "pw", "").then().statusCode(503).header("Retry-After", notNullValue());
        as(admin)
                .body("{\"user\": {\"name\": \"" + late + "\", \"password\": \"pw\"}}")
                .post("/v3/users")
                .then()
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .body("error.code", equalTo(503));
        as(admin)
                .body("{\"user\": {\"enabled\": false}}")
                .patch("/v3/users/" + id)
                .then()
                .statusCode(503);
        as(admin).get("/v3/users?name=" + late).then().statusCode(200).body("users", hasSize(0));
        as(admin).get("/v3/users/" + id).then().statusCode(200).body("user.enabled", equalTo(true));
        as(admin).header("X-Subject-Token", admin).get("/v3/auth/tokens").then().statusCode(200);
        as(admin).delete("/v3/users/" + id).then().statusCode(204);
        as(admin).get("/v3/users/" + id).then().statusCode(404);
        io.nephos.testkit.Keycloak.giveBack();
        eventually(() -> gone(id));
        eventually(() -> as(admin)
                        .body("{\"user\": {\"name\": \"" + late + "\", \"password\": \"pw\"}}")
                        .post("/v3/users")
                        .statusCode()
                == 201);
        signIn("default", late, "pw", "").then().statusCode(201);
    }

    private boolean gone(String id) {
        return db.read(tx -> tx.find(UserRow.class, id)).isEmpty()
                && keycloak.find(id).isEmpty();
    }

    private static UserRow row(String state, Instant createdAt) {
        UserRow row = new UserRow();
        row.id = Ids.random();
        row.domainId = "default";
        row.name = unique("crashed");
        row.enabled = true;
        row.state = state;
        row.createdAt = createdAt;
        return row;
    }

    private static void eventually(BooleanSupplier condition) {
        eventually(condition, Duration.ofSeconds(20));
    }

    private static void eventually(BooleanSupplier condition, Duration patience) {
        Instant end = Instant.now().plus(patience);
        while (!condition.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(end), "it did not happen in time");
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
