package io.nephos.identity.accessrule;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.byCredential;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.token;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.containsString;
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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class AccessRuleIT {
    private String admin;
    private String user;
    private String token;

    @BeforeEach
    void aMember() {
        IdentityClient.awaitReady();
        admin = admin();
        String name = unique("u");
        user = user(admin, name);
        String project = project(admin, unique("p"));
        grant(admin, user, project, "member");
        token = token(name, "pw", onProject(project));
    }

    @Test
    void aCredentialsTokenMayAskWhatItsRulesSayAndNothingElse() {
        Response made = create("ac", """
                {"service": "identity", "method": "GET", "path": "/v3/users/{id}"},
                {"service": "compute", "method": "GET", "path": "/v2.1/servers/*/ips"}""");
        made.then().statusCode(201).body("application_credential.access_rules", hasSize(2));
        Response signedIn =
                byCredential(made.path("application_credential.id"), made.path("application_credential.secret"));
        signedIn.then()
                .statusCode(201)
                .body("token.application_credential.access_rules.service", equalTo(List.of("identity", "compute")));
        String theirs = signedIn.header("X-Subject-Token");
        as(theirs).get("/v3/users/" + user).then().statusCode(200);
        as(theirs).head("/v3/users/" + user).then().statusCode(401);
        as(theirs).get("/v3/users/" + user + "/projects").then().statusCode(401);
        as(theirs).get("/v3/auth/projects").then().statusCode(401);
        as(admin)
                .header("X-Subject-Token", theirs)
                .get("/v3/auth/tokens")
                .then()
                .statusCode(404);
        as(admin)
                .header("X-Subject-Token", theirs)
                .header("OpenStack-Identity-Access-Rules", "1.0")
                .get("/v3/auth/tokens")
                .then()
                .statusCode(200)
                .body("token.application_credential.access_rules", hasSize(2));
        as(theirs)
                .header("X-Subject-Token", theirs)
                .header("OpenStack-Identity-Access-Rules", "1.0")
                .get("/v3/auth/tokens")
                .then()
                .statusCode(200);
    }

    @Test
    void aRuleIsSharedByTheUsersCredentialsAndGoesOnlyWhenNoneUsesIt() {
        String rule = "{\"service\": \"image\", \"method\": \"GET\", \"path\": \"/v2/images\"}";
        Response first = create("first", rule);
        String id = first.path("application_credential.access_rules[0].id");
        Response second = create("second", rule);
        assertEquals(id, second.path("application_credential.access_rules[0].id"));
        assertEquals(id, create("third", "{\"id\": \"" + id + "\"}").path("application_credential.access_rules[0].id"));
        String rules = "/v3/users/" + user + "/access_rules";
        as(token).get(rules).then().statusCode(200).body("access_rules", hasSize(1));
        as(token).get(rules + "?service=compute").then().body("access_rules", hasSize(0));
        as(token).get(rules + "/" + id).then().statusCode(200).body("access_rule.path", equalTo("/v2/images"));
        as(token).delete(rules + "/" + id).then().statusCode(403);
        String credentials = "/v3/users/" + user + "/application_credentials";
        List<String> all = as(token).get(credentials).path("application_credentials.id");
        all.forEach(one -> as(token).delete(credentials + "/" + one).then().statusCode(204));
        as(token).get(rules).then().body("access_rules", hasSize(1));
        as(token).delete(rules + "/" + id).then().statusCode(204);
        as(token).get(rules + "/" + id).then().statusCode(404);
    }

    @Test
    void badRulesNameTheFieldAndAnothersRulesAreNotSeen() {
        create("none", "").then().statusCode(201).body("application_credential.access_rules", nullValue());
        for (String bad : List.of(
                "{\"service\": \"image\", \"method\": \"OPTIONS\", \"path\": \"/v2\"}",
                "{\"service\": \"image\", \"method\": \"GET\", \"path\": \"v2\"}",
                "{\"service\": \"image\", \"method\": \"GET\", \"path\": \"/" + "x".repeat(300) + "\"}",
                "{\"service\": \"im age\", \"method\": \"GET\", \"path\": \"/v2\"}",
                "{\"service\": \"image\", \"method\": \"GET\"}",
                "{\"id\": \"nowhere\"}",
                "{\"service\": \"image\", \"method\": \"GET\", \"path\": \"/v2\", \"more\": 1}",
                "7")) {
            create("bad", bad).then().statusCode(400);
        }
        create("bad", "{\"service\": \"image\", \"method\": \"GET\", \"path\": 7}")
                .then()
                .statusCode(400)
                .body("error.message", containsString("access_rules.0.path"));
        String other = user(admin, unique("other"));
        as(token).get("/v3/users/" + other + "/access_rules").then().statusCode(403);
        as(admin).get("/v3/users/nobody/access_rules").then().statusCode(404);
    }

    private Response create(String name, String rules) {
        return as(token)
                .body("{\"application_credential\": {\"name\": \"" + name + "\", \"access_rules\": [" + rules + "]}}")
                .post("/v3/users/" + user + "/application_credentials");
    }
}
