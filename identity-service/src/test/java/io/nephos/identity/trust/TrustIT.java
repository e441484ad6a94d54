package io.nephos.identity.trust;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.byTrust;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.role;
import static io.nephos.identity.IdentityClient.token;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.identity.IdentityClient;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class TrustIT {
    private String admin;
    private String project;
    private final String[] names = new String[3];
    private final String[] users = new String[3];
    private String token;

    @BeforeEach
    void aMemberAndTwoWhoHaveNothing() {
        IdentityClient.awaitReady();
        admin = admin();
        project = project(admin, unique("p"));
        for (int i = 0; i < users.length; i++) {
            names[i] = unique("u");
            users[i] = user(admin, names[i]);
        }
        grant(admin, users[0], project, "member");
        token = token(names[0], "pw", onProject(project));
    }

    @Test
    void aTrusteeActsAsTheTrustorOrAsHimselfAndPassesItOnAsFarAsAllowed() {
        Response first = trust(token, 0, 1, true, "\"allow_redelegation\": true, \"redelegation_count\": 2");
        first.then().statusCode(201).body("trust.redelegation_count", equalTo(2));
        String id = first.path("trust.id");
        Response signedIn = byTrust(names[1], "pw", id);
        signedIn.then()
                .statusCode(201)
                .body("token.user.id", equalTo(users[0]))
                .body("token.OS-TRUST:trust.trustee_user.id", equalTo(users[1]))
                .body("token.roles.name", equalTo(List.of("member", "reader")));
        String byFirst = signedIn.header("X-Subject-Token");
        as(byFirst)
                .get("/v3/users/" + users[0] + "/application_credentials")
                .then()
                .statusCode(403);
        Response second = trust(byFirst, 0, 2, true, "\"allow_redelegation\": true");
        second.then()
                .statusCode(201)
                .body("trust.redelegation_count", equalTo(1))
                .body("trust.redelegated_trust_id", equalTo(id));
        trust(byFirst, 0, 2, true, "\"allow_redelegation\": true, \"redelegation_count\": 3")
                .then()
                .statusCode(403);
        trust(byFirst, 0, 2, true, "\"remaining_uses\": 1").then().statusCode(403);
        String bySecond = byTrust(names[2], "pw", second.path("trust.id")).header("X-Subject-Token");
        as(bySecond).get("/v3/auth/catalog").then().statusCode(200);
        as(token).delete("/v3/OS-TRUST/trusts/" + id).then().statusCode(204);
        as(bySecond).get("/v3/auth/catalog").then().statusCode(401);
        byTrust(names[2], "pw", second.path("trust.id")).then().statusCode(404);
    }

    @Test
    void aTrustThatIsNotToBePassedOnAndOneWithoutImpersonationAreNotWidened() {
        Response plain = trust(token, 0, 1, false, "\"redelegation_count\": 0, \"allow_redelegation\": true");
        plain.then().statusCode(201).body("trust.redelegation_count", equalTo(0));
        String byPlain = byTrust(names[1], "pw", plain.path("trust.id")).header("X-Subject-Token");
        trust(byPlain, 1, 2, false, "\"remaining_uses\": null").then().statusCode(403);
        Response open = trust(token, 0, 1, false, "\"allow_redelegation\": true");
        Response signedIn = byTrust(names[1], "pw", open.path("trust.id"));
        signedIn.then().statusCode(201).body("token.user.id", equalTo(users[1]));
        String byOpen = signedIn.header("X-Subject-Token");
        trust(byOpen, 1, 2, true, "\"remaining_uses\": null").then().statusCode(403);
        Response passed = trust(byOpen, 1, 2, false, "\"remaining_uses\": null");
        passed.then().statusCode(201);
        String bySecond = byTrust(names[2], "pw", passed.path("trust.id")).header("X-Subject-Token");
        as(admin)
                .delete("/v3/projects/" + project + "/users/" + users[0] + "/roles/" + role(admin, "member"))
                .then()
                .statusCode(204);
        as(byOpen).get("/v3/auth/catalog").then().statusCode(401);
        as(bySecond).get("/v3/auth/catalog").then().statusCode(401);
        byTrust(names[2], "pw", passed.path("trust.id")).then().statusCode(403);
        trust(token, 0, 1, true, "\"allow_redelegation\": true, \"redelegation_count\": 4")
                .then()
                .statusCode(401);
    }

    @Test
    void ofManyAtOnceOnlyAsManySignInAsATrustHasUsesLeft() throws InterruptedException, ExecutionException {
        String id = trust(token, 0, 1, true, "\"remaining_uses\": 3").path("trust.id");
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> all = IntStream.range(0, 8)
                    .mapToObj(i ->
                            threads.submit(() -> byTrust(names[1], "pw", id).statusCode()))
                    .toList();
            for (Future<Integer> one : all) {
                statuses.add(one.get());
            }
        }
        assertEquals(3, statuses.stream().filter(status -> status == 201).count(), statuses.toString());
        byTrust(names[1], "pw", id).then().statusCode(404);
        as(token).get("/v3/OS-TRUST/trusts/" + id).then().statusCode(404);
        byTrust(
                        names[2],
                        "pw",
                        trust(token, 0, 1, true, "\"remaining_uses\": 1").path("trust.id"))
                .then()
                .statusCode(403);
    }

    @Test
    void whatATrustRestsOnEndsItWhenItGoes() {
        String id = trust(token, 0, 1, true, "\"remaining_uses\": null").path("trust.id");
        String byTrust = byTrust(names[1], "pw", id).header("X-Subject-Token");
        as(token)
                .get("/v3/OS-TRUST/trusts/" + id + "/roles")
                .then()
                .statusCode(200)
                .body("roles", hasSize(1));
        as(token)
                .head("/v3/OS-TRUST/trusts/" + id + "/roles/" + role(admin, "member"))
                .then()
                .statusCode(200);
        as(token)
                .get("/v3/OS-TRUST/trusts/" + id + "/roles/" + role(admin, "admin"))
                .then()
                .statusCode(404);
        enable(users[1], false);
        as(byTrust).get("/v3/auth/catalog").then().statusCode(401);
        byTrust(names[1], "pw", id).then().statusCode(401);
        enable(users[1], true);
        byTrust(names[1], "pw", id).then().statusCode(201);
        enable(users[0], false);
        byTrust(names[1], "pw", id).then().statusCode(403);
        as(admin).delete("/v3/users/" + users[0]).then().statusCode(204);
        byTrust(names[1], "pw", id).then().statusCode(404);
    }

    @Test
    void aTrustThatCannotBeIsRefusedInKeystonesWay() {
        String past = Instant.now().minus(1, ChronoUnit.HOURS).toString();
        trust(token, 0, 1, true, "\"expires_at\": \"" + past + "\"").then().statusCode(400);
        trust(token, 0, 1, true, "\"expires_at\": \"soon\"").then().statusCode(400);
        trust(token, 0, 1, true, "\"remaining_uses\": 0").then().statusCode(400);
        trust(token, 0, 1, true, "\"remaining_uses\": 2, \"allow_redelegation\": true")
                .then()
                .statusCode(400);
        trust(token, 0, 1, true, "\"allow_redelegation\": true, \"redelegation_count\": 4")
                .then()
                .statusCode(403);
        trust(token, 0, 1, true, "\"redelegated_trust_id\": \"another\"").then().statusCode(403);
        trust(token, 1, 2, true, "\"remaining_uses\": null").then().statusCode(403);
        String nothing = "{\"trust\": {\"trustor_user_id\": \"" + users[0] + "\", \"trustee_user_id\": \"" + users[1]
                + "\", \"impersonation\": true, \"project_id\": \"" + project + "\", \"roles\": %s}}";
        as(token)
                .body(nothing.formatted("[]"))
                .post("/v3/OS-TRUST/trusts")
                .then()
                .statusCode(403);
        as(token)
                .body(nothing.formatted("[{\"name\": \"admin\"}]"))
                .post("/v3/OS-TRUST/trusts")
                .then()
                .statusCode(404);
        as(token)
                .body(nothing.formatted("7"))
                .post("/v3/OS-TRUST/trusts")
                .then()
                .statusCode(400);
        byTrust(names[1], "pw", "nowhere").then().statusCode(404).body("token", nullValue());
    }

    private void enable(String user, boolean enabled) {
        as(admin)
                .body("{\"user\": {\"enabled\": " + enabled + "}}")
                .patch("/v3/users/" + user)
                .then()
                .statusCode(200);
    }

    private Response trust(String by, int trustor, int trustee, boolean impersonation, String more) {
        return as(by).body("""
                        {"trust": {"trustor_user_id": "%s", "trustee_user_id": "%s", "impersonation": %s,
                         "project_id": "%s", "roles": [{"name": "member"}], %s}}
                        """.formatted(users[trustor], users[trustee], impersonation, project, more))
                .post("/v3/OS-TRUST/trusts");
    }
}
